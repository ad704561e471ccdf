"""Parks through time, from the register alone: a park that was only given another code is one line, under its first code; where
several became one, or one became several, each is a line of its own."""


class Lines:
    def __init__(self, parks):
        rows = {row["code"]: row for row in parks.to_dict("records")}
        successors = {code: [one for one in row["successor"].split(";") if one] for code, row in rows.items()}
        came_from = {code: [] for code in rows}
        for code, of in successors.items():
            for one in of:
                came_from[one].append(code)

        def is_renamed(code):
            """It became one other park, which nobody else became, and which was not there before."""
            of = successors[code]
            return len(of) == 1 and len(came_from[of[0]]) == 1 and rows[of[0]]["from"] > rows[code]["to"]

        self.of_code, self.end, self.next, self.changed = {}, {}, {}, {}
        for code in rows:
            if any(is_renamed(before) for before in came_from[code]):
                continue
            last = code
            self.of_code[code] = code
            while is_renamed(last):
                last = successors[last][0]
                self.of_code[last] = code
            self.end[code] = rows[last]["to"]
            if len(successors[last]) == 1:
                self.next[code] = successors[last][0]
            if came_from[code]:
                # Since then its territory is what it is.
                self.changed[code] = rows[code]["from"]
        self.next = {code: self.of_code[heir] for code, heir in self.next.items()}

    def onwards(self, code):
        """The line of a code, and those it became."""
        found = [self.of_code[code]]
        while found[-1] in self.next:
            found.append(self.next[found[-1]])
        return found

    def at(self, code, quarter):
        """Whose what stands under a code is in a quarter."""
        line = self.of_code[code]
        while quarter > self.end[line] and line in self.next:
            line = self.next[line]
        return line

    def cut(self, code, begin, end):
        """A stay in the pieces that it has in each line."""
        if not code:
            return [(begin, end, None)]
        pieces = []
        for line in self.onwards(code):
            last = min(end, self.end[line])
            if begin <= last:
                pieces.append((begin, last, line))
            begin = max(begin, self.end[line] + 1)
        return pieces
