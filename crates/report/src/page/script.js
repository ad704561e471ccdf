// Language, sorting, filtering, the map and the values of charts. Everything is in the page without it; it only chooses what is shown.
(function () {
  'use strict';
  var root = document.documentElement, KEY = 'mujun.lang';
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function isEnglish() { return root.lang === 'en'; }
  // The text of an element in the language that is shown, whether it is rendered or not.
  function text(element) {
    var hidden = isEnglish() ? 'zh' : 'en';
    function of(node) {
      if (node.nodeType === 3) return node.data;
      if (node.nodeType !== 1 || node.getAttribute('lang') === hidden || node.tagName === 'BUTTON' && !node.textContent) return '';
      return Array.prototype.map.call(node.childNodes, of).join('');
    }
    return of(element).replace(/\s+/g, ' ').trim();
  }

  // A page opened from a disk may have no storage: then the language goes along in the links.
  function remembered() { try { return window.localStorage.getItem(KEY); } catch (error) { return null; } }
  function remember(lang) { try { window.localStorage.setItem(KEY, lang); return true; } catch (error) { return false; } }
  function speak(lang) {
    root.lang = lang;
    all('[data-en]').forEach(function (element) {
      if (!element.dataset.zh) element.dataset.zh = element.textContent;
      element.textContent = isEnglish() ? element.dataset.en : element.dataset.zh;
    });
    all('[data-label-en]').forEach(function (element) {
      element.setAttribute('aria-label', isEnglish() ? element.dataset.labelEn : element.dataset.labelZh);
    });
    all('.lang button').forEach(function (button) { button.setAttribute('aria-pressed', String(button.value === lang)); });
    if (!remember(lang)) {
      all('a[href]').forEach(function (link) {
        var parts = link.getAttribute('href').split('#'), file = parts[0].split('?')[0];
        if (file) link.setAttribute('href', file + (isEnglish() ? '?lang=en' : '') + (parts[1] ? '#' + parts[1] : ''));
      });
    }
    document.dispatchEvent(new Event('spoken'));
  }

  // Figures by size, names by their order in the language; what is missing comes last either way.
  function key(cell) {
    if (cell.dataset.k !== undefined) return cell.dataset.k === '' ? null : Number(cell.dataset.k);
    var said = text(cell), number = parseFloat(said.replace('↑', '').replace('↓', '-'));
    if (said === '' || /^(—|\(c\)|未报|未到期|n\/r|not due)$/.test(said)) return null;
    return isNaN(number) ? said : number;
  }
  function sort(table, column, down) {
    var body = table.tBodies[0], rows = all('tr', body);
    var keyed = rows.map(function (row, at) { return { row: row, at: at, key: key(row.cells[column]) }; });
    keyed.sort(function (a, b) {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.at - b.at;
      var order = typeof a.key === 'number' && typeof b.key === 'number' ? a.key - b.key : String(a.key).localeCompare(String(b.key), 'zh-CN');
      return (down ? -order : order) || a.at - b.at;
    });
    keyed.forEach(function (one) { body.appendChild(one.row); });
  }
  all('table.sortable').forEach(function (table) {
    all('thead button', table).forEach(function (button) {
      var head = button.parentNode;
      button.addEventListener('click', function () {
        var was = head.getAttribute('aria-sort');
        var down = was ? was === 'ascending' : head.dataset.first === 'down';
        all('th[aria-sort]', table).forEach(function (other) { other.removeAttribute('aria-sort'); });
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        sort(table, head.cellIndex, down);
      });
    });
  });

  // Search and filters of the ranking.
  var ranking = document.getElementById('ranking');
  if (ranking) {
    var search = document.getElementById('search'), city = document.getElementById('by-city');
    var industry = document.getElementById('by-industry'), count = document.getElementById('count');
    var rows = all('tbody tr', ranking);
    var filter = function () {
      var words = search.value.trim().toLowerCase().split(/\s+/), left = 0;
      rows.forEach(function (row) {
        var said = (row.cells[2].textContent + ' ' + row.cells[3].textContent + ' ' + row.dataset.code).toLowerCase();
        var fits = words.every(function (word) { return said.indexOf(word) >= 0; }) &&
          (!city.value || row.dataset.city === city.value) &&
          (!industry.value || (' ' + row.dataset.led + ' ').indexOf(' ' + industry.value + ' ') >= 0);
        row.hidden = !fits;
        left += fits;
      });
      count.textContent = isEnglish() ? left + ' of ' + rows.length + ' parks' : '共 ' + rows.length + ' 个集聚区，列出 ' + left + ' 个';
    };
    [search, city, industry].forEach(function (control) { control.addEventListener('input', filter); });
    document.addEventListener('spoken', filter);
  }

  // The map shows a column of the table beside it.
  var measure = document.getElementById('measure'), cities = document.getElementById('cities');
  if (measure && cities) {
    var paint = function () {
      var column = Number(measure.value);
      all('.tiles [data-code]').forEach(function (tile) {
        var row = cities.querySelector('tr[data-code="' + tile.dataset.code + '"]'), cell = row && row.cells[column];
        tile.className = cell && cell.dataset.c ? 'c' + cell.dataset.c : '';
        tile.querySelector('.f').textContent = cell ? text(cell) : '';
      });
    };
    measure.addEventListener('input', paint);
    document.addEventListener('spoken', paint);
  }

  // The columns that say what a figure is made from.
  var sources = document.getElementById('sources');
  if (sources) {
    var reveal = function () { document.getElementById('figures').classList.toggle('sources', sources.checked); };
    sources.addEventListener('input', reveal);
    reveal();
  }

  // Charts: under the pointer, or by the arrow keys, the values of a quarter, from the table behind.
  all('figure[data-from]').forEach(function (figure) {
    var rows = all('tbody tr', figure), heads = all('thead th', figure), plot = figure.querySelector('.plot');
    if (!rows.length || !plot) return;
    var places = Number(figure.dataset.from), last = rows.length - 1, at = last;
    var scrub = document.createElement('div'), line = document.createElement('b'), readout = document.createElement('p');
    readout.className = 'readout';
    scrub.className = 'scrub';
    scrub.tabIndex = 0;
    scrub.setAttribute('role', 'slider');
    scrub.setAttribute('aria-labelledby', figure.querySelector('figcaption').id);
    scrub.setAttribute('aria-valuemin', '1');
    scrub.setAttribute('aria-valuemax', String(rows.length));
    scrub.appendChild(line);
    plot.appendChild(scrub);
    plot.parentNode.insertBefore(readout, plot);
    function show(to) {
      at = Math.max(0, Math.min(last, to));
      // The table begins with the last quarter.
      var cells = rows[last - at].cells, said = [];
      readout.textContent = '';
      all('th, td', rows[last - at]).forEach(function (cell, column) {
        var value = text(cell), piece = column ? text(heads[column]) + ' ' : '';
        var strong = document.createElement('b');
        strong.textContent = value;
        if (column) readout.appendChild(document.createTextNode((isEnglish() ? ' · ' : '　') + piece));
        readout.appendChild(strong);
        said.push(piece + value);
      });
      line.style.left = (places > 1 ? at / (places - 1) * 100 : 0) + '%';
      scrub.setAttribute('aria-valuenow', String(at + 1));
      scrub.setAttribute('aria-valuetext', said.join(isEnglish() ? ', ' : '，'));
      return cells;
    }
    scrub.addEventListener('pointermove', function (event) {
      var box = scrub.getBoundingClientRect();
      scrub.classList.add('on');
      show(Math.round((event.clientX - box.left) / box.width * (places - 1)));
    });
    scrub.addEventListener('pointerleave', function () { scrub.classList.remove('on'); if (document.activeElement !== scrub) show(last); });
    scrub.addEventListener('blur', function () { show(last); });
    scrub.addEventListener('keydown', function (event) {
      var steps = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageDown: at - 4, PageUp: at + 4, Home: 0, End: last };
      if (steps[event.key] === undefined) return;
      event.preventDefault();
      show(steps[event.key]);
    });
    document.addEventListener('spoken', function () { show(at); });
  });

  all('.lang button').forEach(function (button) { button.addEventListener('click', function () { speak(button.value); }); });
  var asked = /[?&]lang=en\b/.test(window.location.search) ? 'en' : remembered();
  speak(asked === 'en' ? 'en' : 'zh-CN');
})();
