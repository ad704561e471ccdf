//! What the rooms say of a file in English, in Chinese: `more than 64 columns (max_columns)` is `超过 64 列（max_columns）`.
//!
//! A [`Problem`](super::Problem) holds what was found once, so that tables of problems can be searched and compared. Labels,
//! units and periods are the file's own words and are never translated; the phrases here are this program's.

use std::borrow::Cow;

/// Phrases, and what they are in Chinese. `{}` stands for anything; where that is itself a phrase, it is translated too. The
/// first that fits counts.
const PHRASES: &[(&str, &str)] = &[
    // Limits.
    ("more than {} times its size, once unpacked (max_expansion)", "解压后超过原大小的 {} 倍（max_expansion）"),
    ("more than {} bytes ({})", "超过 {} 字节（{}）"),
    ("more than {} bytes in a cell ({})", "单元格超过 {} 字节（{}）"),
    ("more than {} bytes inflated ({})", "解压后超过 {} 字节（{}）"),
    ("more than {} bytes of text", "文字超过 {} 字节"),
    ("more than {} bytes of text ({})", "文字超过 {} 字节（{}）"),
    ("more than {} bytes of text in all sheets ({})", "各工作表文字合计超过 {} 字节（{}）"),
    ("more than {} cells ({})", "超过 {} 个单元格（{}）"),
    ("more than {} cells in all sheets ({})", "各工作表单元格合计超过 {} 个（{}）"),
    ("more than {} rows in all sheets ({})", "各工作表行数合计超过 {}（{}）"),
    ("more than {} rows ({})", "超过 {} 行（{}）"),
    ("more than {} columns ({})", "超过 {} 列（{}）"),
    ("more than {} sheets ({})", "超过 {} 个工作表（{}）"),
    ("more than {} members ({})", "超过 {} 个成员（{}）"),
    ("more than {} entries in a zip archive", "zip 压缩包条目超过 {} 个"),
    ("more than {} bytes of contents listed in a 7z archive", "7z 压缩包目录超过 {} 字节"),
    ("more than {} KiB of dictionary", "字典超过 {} KiB"),
    ("more than {} elements ({})", "超过 {} 个元素（{}）"),
    ("more than {} levels of elements ({})", "元素嵌套超过 {} 层（{}）"),
    ("more than {} attributes of an element ({})", "元素属性超过 {} 个（{}）"),
    ("more than {} shared strings ({})", "共享字符串超过 {} 个（{}）"),
    ("more than {} merged areas ({})", "合并区域超过 {} 个（{}）"),
    ("more than {} parts within parts", "部分嵌套超过 {} 层"),
    ("more than {} dimensions", "维度超过 {} 个"),
    ("more than {} relations", "部分之间的关系超过 {} 个"),
    ("{} bytes (max_file_bytes = {})", "{} 字节（max_file_bytes = {}）"),
    // What lies in an inbox.
    ("what was received under this name before stands", "沿用此前以该名称收到的内容"),
    ("nothing was received under this name before", "此前没有以该名称收到过内容"),
    ("{}: {} exports received from it before stand", "{}：沿用此前从中收到的 {} 个文件"),
    ("permission denied; {}", "没有权限；{}"),
    ("a pipe", "管道"),
    ("a socket", "套接字"),
    ("a device", "设备"),
    // What a file is that cannot be used.
    ("no cell holds anything", "所有单元格均为空"),
    ("no file is in the archive", "压缩包中没有文件"),
    ("binary data", "二进制数据"),
    ("blanks only", "只有空白"),
    ("a PDF document", "PDF 文档"),
    ("a RAR archive", "RAR 压缩包"),
    ("a 7z archive", "7z 压缩包"),
    ("a tar archive", "tar 压缩包"),
    ("a CAB archive", "CAB 压缩包"),
    ("an LZH archive", "LZH 压缩包"),
    ("an xz file", "xz 压缩文件"),
    ("a zstd file", "zstd 压缩文件"),
    ("a bzip2 file", "bzip2 压缩文件"),
    ("a file of compress (.Z)", "compress（.Z）压缩文件"),
    ("an SPSS data file", "SPSS 数据文件"),
    ("a portable SPSS file", "SPSS 可移植数据文件"),
    ("a Stata data file", "Stata 数据文件"),
    ("a SAS data file", "SAS 数据文件"),
    ("a SAS transport file", "SAS 传输文件"),
    ("an R data file", "R 数据文件"),
    ("an Access database", "Access 数据库"),
    ("an Arrow file", "Arrow 文件"),
    ("an Avro file", "Avro 文件"),
    ("a GIF image", "GIF 图片"),
    ("a TIFF image", "TIFF 图片"),
    ("an OFD document", "OFD 文档"),
    ("a PowerPoint 97 presentation", "PowerPoint 97 演示文稿"),
    ("a PNG image", "PNG 图片"),
    ("a JPEG image", "JPEG 图片"),
    ("an RTF document", "RTF 文档"),
    ("an SQLite database", "SQLite 数据库"),
    ("a Parquet file", "Parquet 文件"),
    ("a Parquet file packed by {}", "以 {} 方式压缩的 Parquet 文件"),
    ("a Parquet file whose column {} holds several values", "{} 列为多值的 Parquet 文件"),
    ("a Parquet file whose column {} holds bytes", "{} 列为二进制内容的 Parquet 文件"),
    ("an SQL script", "SQL 脚本"),
    ("a dbf table with a field of type {}", "含 {} 类型字段的 dbf 表"),
    ("an Excel {} worksheet", "Excel {} 工作表"),
    ("an Excel binary workbook (xlsb)", "Excel 二进制工作簿（xlsb）"),
    ("an Excel workbook of version {}", "版本为 {} 的 Excel 工作簿"),
    ("a Word 97 document", "Word 97 文档"),
    ("a Word document", "Word 文档"),
    ("a PowerPoint presentation", "PowerPoint 演示文稿"),
    ("an OpenDocument file that is no spreadsheet", "不是电子表格的 OpenDocument 文件"),
    ("a compound file without a workbook", "不含工作簿的复合文档"),
    ("a zip archive of {} entries", "含 {} 个条目的 zip 压缩包"),
    ("packed by {}", "以 {} 方式压缩"),
    ("XML with the root element {}", "根元素为 {} 的 XML"),
    ("JSON: a list of {}", "JSON：列表，共 {} 项"),
    ("JSON: an object with the members {}", "JSON：对象，成员为 {}"),
    ("text without a table", "不含表格的文本"),
    ("an HTTP error reply", "HTTP 错误应答"),
    ("a login page", "登录页面"),
    ("a web page without a table", "不含表格的网页"),
    ("a web page whose tables hold no text", "表格没有文字的网页"),
    ("a web archive whose pages hold no table", "各页均不含表格的网页归档"),
    ("a JSON error reply, {}: {}", "JSON 错误应答，{}：{}"),
    ("a tree of indicators", "指标树"),
    ("a search for indicators", "指标检索结果"),
    ("a list of areas", "地区列表"),
    ("the indicators of a data set", "数据集的指标列表"),
    // Encryption.
    ("{}: the default password {} does not open it", "{}：默认密码 {} 无法打开"),
    ("{}: not known here", "{}：本程序不支持"),
    ("a zip archive with a password", "带密码的 zip 压缩包"),
    ("an OpenDocument password", "OpenDocument 密码"),
    ("rights management", "权限管理"),
    ("encryption of version {}", "版本为 {} 的加密"),
    ("encryption by algorithm {}", "算法为 {} 的加密"),
    ("AES with {} turns of hashing", "散列 {} 次的 AES"),
    ("RC4 CryptoAPI with {} bits", "{} 位 RC4 CryptoAPI"),
    ("XOR obfuscation", "XOR 混淆"),
    ("RC4, {} bits", "RC4，{} 位"),
    ("RC4 CryptoAPI, {} bits", "RC4 CryptoAPI，{} 位"),
    ("AES, {} bits", "AES，{} 位"),
    ("AES (agile), {} bits", "AES（agile），{} 位"),
    // Encodings.
    ("a surrogate without its pair, or half a unit, in utf-16", "utf-16 中有不成对的代理项或半个码元"),
    ("byte {}, line {}: {} is not {}", "第 {} 字节（第 {} 行）：{} 不是 {}"),
    ("{}, byte {}: not utf-8", "{} 第 {} 字节：不是 utf-8"),
    ("utf-8 from {}; gb18030 from {}", "utf-8 始于{}；gb18030 始于{}"),
    ("gb18030 from {}; utf-8 from {}", "gb18030 始于{}；utf-8 始于{}"),
    ("byte {}, line {}", "第 {} 字节（第 {} 行）"),
    ("the text declares {}, its bytes are {}", "文中声明为 {}，实际为 {}"),
    ("a string in a record of type {}", "类型为 {} 的记录中的字符串"),
    ("{}, the text is GBK", "{}，文字为 GBK"),
    ("{}, and the text is not GBK", "{}，文字不是 GBK"),
    ("no code page is named", "未写代码页"),
    ("code page {} is not known", "代码页 {} 未知"),
    ("code page {} is named", "写明代码页 {}"),
    ("byte order mark", "有字节顺序标记"),
    ("all bytes are ASCII, which every encoding shares", "全部为 ASCII 字节，各种编码相同"),
    ("all bytes are valid UTF-8", "全部字节均为有效的 UTF-8"),
    ("not UTF-8, and all bytes are valid GB18030", "不是 UTF-8，且全部字节均为有效的 GB18030"),
    (
        "every two bytes are a character of UTF-16, in one byte order only",
        "每两个字节为一个 UTF-16 字符，且只符合一种字节序",
    ),
    ("a workbook says itself how its text is encoded", "工作簿自身说明文字编码"),
    ("texts of a Parquet file are UTF-8", "Parquet 文件的文字为 UTF-8"),
    ("all parts are ASCII", "各部分均为 ASCII"),
    ("code page mark {} is not known", "代码页标记 {} 未知"),
    ("{}, the text is UTF-8", "{}，文字为 UTF-8"),
    ("a field that is not {}", "字段内容不是 {}"),
    ("the table names its code page", "该表注明了代码页"),
    ("the table names no code page, and its bytes can only be this", "该表未注明代码页，且其字节只能是该编码"),
    ("the source definition says so", "来源定义如此规定"),
    // Damage.
    ("dbf: its header is incomplete", "dbf：文件头不完整"),
    ("dbf: its fields do not make up its records", "dbf：各字段长度之和与记录长度不符"),
    ("dbf: {} of {} records are there", "dbf：{2} 条记录中只有 {1} 条"),
    ("dbf: it says {} records, and more follow", "dbf：注明 {} 条记录，其后还有记录"),
    ("dbf: a record begins with byte {}", "dbf：记录以字节 {} 开头"),
    ("parquet: the list of its columns is incomplete", "parquet：列的清单不完整"),
    ("parquet: a page is incomplete", "parquet：页不完整"),
    ("parquet: a page does not hold together", "parquet：页的内容前后不符"),
    ("parquet: its structure does not hold together", "parquet：结构前后不符"),
    ("parquet: a row group has other columns than the table", "parquet：行组与全表的列不一致"),
    ("parquet: a column ends before the table does", "parquet：某列的行数少于全表"),
    ("parquet: a decimal of more than 38 digits", "parquet：小数超过 38 位"),
    ("parquet: {}", "parquet：{}"),
    ("invalid Zip archive: {}", "zip 压缩包无效（{}）"),
    ("Invalid checksum", "校验和不符"),
    ("{}: Invalid checksum", "{}：校验和不符"),
    ("JSON: {} at line {} column {}", "JSON：第 {2} 行第 {3} 列有误（{1}）"),
    ("base64: {}", "base64 编码有误（{}）"),
    ("quoted-printable: {}", "quoted-printable 编码有误（{}）"),
    ("unknown transfer encoding {}", "未知的传输编码 {}"),
    ("a message of parts without a boundary", "多部分消息没有分界标记"),
    ("the last boundary of the web archive is missing", "网页归档缺少末尾的分界标记"),
    ("_rels/.rels names no workbook", "_rels/.rels 没有指明工作簿"),
    ("nothing is known of sheet {}", "没有关于工作表 {} 的信息"),
    ("two cells stand here", "此处有两个单元格"),
    ("two entries of the zip archive have one name", "zip 压缩包中有两个同名条目"),
    ("two parts are called {}", "有两个部分都叫 {}"),
    ("two sheets are called {}", "有两个工作表都叫 {}"),
    ("two sheets stand in one place, {} and {}", "两个工作表位于同一处：{} 和 {}"),
    ("two sheets stand in one place, {}", "两个工作表位于同一处：{}"),
    ("a zip archive without its end", "zip 压缩包缺少结尾"),
    ("a 7z archive without its end", "7z 压缩包缺少结尾"),
    ("a tar archive without its end", "tar 压缩包缺少结尾"),
    ("gzip without its end", "gzip 压缩内容缺少结尾"),
    ("a member without its end", "成员缺少结尾"),
    ("7z: its header is incomplete", "7z：文件头不完整"),
    ("7z: its list of contents cannot be read", "7z：目录无法读取"),
    ("7z: Invalid checksum", "7z：校验和不符"),
    ("the page ends inside a table", "网页在表格中间结束"),
    ("the workbook stream ends before its first sheet", "工作簿流在第一个工作表之前结束"),
    ("the workbook stream does not begin with a workbook", "工作簿流的开头不是工作簿"),
    ("a record of type {} is too short", "类型为 {} 的记录过短"),
    ("sheet {} is not where the workbook says", "工作表 {} 不在工作簿所写的位置"),
    ("sheet {} does not end", "工作表 {} 没有结尾"),
    ("what is said of its encryption is too short", "加密说明过短"),
    ("what is said of its encryption cannot be read", "加密说明无法读取"),
    ("the encrypted package is shorter than it says", "加密内容短于所写长度"),
    ("its header is incomplete", "文件头不完整"),
    ("its sectors are of no known size", "扇区大小未知"),
    ("its sector table is incomplete", "扇区表不完整"),
    ("its sector table runs in circles", "扇区表循环引用"),
    ("a stream is missing", "缺少数据流"),
    ("a stream is shorter than its directory says", "数据流短于目录所写长度"),
    ("a stream leads outside the file", "数据流指向文件之外"),
    ("a stream leads outside the sector table", "数据流指向扇区表之外"),
    ("a stream runs in circles", "数据流循环引用"),
    ("a cell refers to a string that is not there", "单元格引用了不存在的字符串"),
    ("a cell of another row, {}, stands here", "此处是另一行的单元格 {}"),
    ("no cell is called {}", "没有名为 {} 的单元格"),
    ("no cell is of the type {}", "单元格没有 {} 这种类型"),
    ("no row has the number {}", "没有编号为 {} 的行"),
    ("the archive's list and the part itself name it differently", "压缩包目录与该部分自身所写名称不同"),
    ("number-columns-repeated is {}", "number-columns-repeated 为 {}"),
    ("number-rows-repeated is {}", "number-rows-repeated 为 {}"),
    ("at {}: unrecognized entity {}", "位置 {}：未知实体 {}"),
    ("ill-formed document: {}", "XML 结构有误（{}）"),
    ("syntax error: {}", "XML 语法有误（{}）"),
    ("position {}: {}", "位置 {}：属性有误（{}）"),
    ("it ends inside an element", "在元素中间结束"),
    ("the workbook", "工作簿"),
    ("{} is missing", "缺少 {}"),
    // Members of archives, formulas, replies, rows.
    ("a link", "链接"),
    ("no plain file", "不是普通文件"),
    ("a control character", "控制字符"),
    ("a backslash", "反斜杠"),
    ("an absolute path", "绝对路径"),
    ("a step out of the archive, or none", "指向压缩包之外，或路径为空"),
    ("a folder that holds bytes itself", "文件夹自身含有内容"),
    ("a name in no known encoding", "名称的编码未知"),
    ("cells like this in the sheet: {}", "该工作表中此类单元格共 {} 个"),
    ("{}: strdata and data", "{}：strdata 与 data 不一致"),
    ("{} more", "另有 {} 处"),
    ("{}: {} of {} values outside {}", "{1}：{3} 个值中有 {2} 个超出 {4}"),
    ("{}: {} cells", "{}：{} 个单元格"),
    ("{} figures over the table", "表头之上有 {} 个数字"),
    ("{} figures in its headings", "表头中有 {} 个数字"),
    ("{} figures in its notes", "表下说明中有 {} 个数字"),
    ("{} figures beside it", "表格右侧有 {} 个数字"),
    ("{} figures in a part that is left out", "未采用的部分有 {} 个数字"),
    ("{} cells", "{} 个单元格"),
    ("{}: {} rows, {} before", "{}：{} 行，上一次 {} 行"),
    ("{} rows, {} before", "{} 行，上一版 {} 行"),
    ("{}: {} of {} rows ({})", "{}，共 {3} 行中的 {2} 行（第 {4} 行）"),
    ("{}: {} of {} figures", "{}：{3} 个数值中有 {2} 个相同"),
    ("{} rows", "{} 行"),
    ("{} names of rows", "行名 {} 个"),
    ("{} periods", "时期 {} 个"),
    ("{} records", "{} 条记录"),
    // The network.
    ("{}: the server answered {}", "{}：服务器应答 {}"),
    ("{}: no answer within {}", "{}：{} 内没有应答"),
    ("{}: not finished within {}", "{}：{} 内未能完成"),
    ("{}: not a usable address: {}", "{}：网址无法使用（{}）"),
    ("{}: the server's answer cannot be used: status {}", "{}：服务器应答状态 {}，无法使用"),
    (
        "{}: the server's answer cannot be used: encoded as {}, which was not asked for",
        "{}：服务器应答以 {} 编码，而并未请求该编码",
    ),
    ("{}: the body came more slowly than {} bytes per second", "{}：传输慢于每秒 {} 字节"),
    ("{}: the body broke off", "{}：传输中断"),
    ("{}: the body ended after {} bytes of {}", "{}：传输在 {} 字节（共 {} 字节）处中断"),
    ("{}: the body ended after {} bytes", "{}：传输在 {} 字节处中断"),
    ("{}: no connection", "{}：无法连接"),
    ("{}: connection failed: {}", "{}：连接失败（{}）"),
    (
        "{}: no encrypted connection: {}; check whether scheme and port in `url` are those of the server",
        "{}：未能建立加密连接（{}）；请核对 `url` 的协议和端口",
    ),
    (
        "{}: the certificate's authority is not known; put the authority's certificate into a file and name it in `ca_file` under [fetch] of site.toml",
        "{}：证书颁发机构未知；请将该机构的证书存入文件，并在 site.toml 的 [fetch] 中用 `ca_file` 指明",
    ),
    (
        "{}: the certificate has expired; have it renewed by whoever runs the server, or check this machine's clock",
        "{}：证书已过期；请对方更新证书，或检查本机时钟",
    ),
    ("{}: the certificate is not valid yet; check this machine's clock", "{}：证书尚未生效；请检查本机时钟"),
    (
        "{}: the certificate is for another host; write the host in `url` as the certificate names it",
        "{}：证书属于其他主机；请将 `url` 中的主机名写成证书所列名称",
    ),
    (
        "{}: the certificate is refused; have it looked at by whoever runs the server",
        "{}：证书不被接受；请对方检查证书",
    ),
    ("{}: larger than the {} bytes allowed", "{}：超过允许的 {} 字节"),
    ("{}: redirect not followed: {}", "{}：未跟随转向（{}）"),
    ("{}: more than {} redirects", "{}：转向超过 {} 次"),
    ("{}: it ends without the end of a line", "{}：结尾处没有换行"),
    ("{}: no archive, as its name says", "{}：并非其名称所示的压缩包"),
    ("{}: no row of facts", "{}：没有一行可用的数据"),
    ("{}: {}, {} before", "{}：{}，上一次为 {}"),
    ("{}: without {}", "{}：缺少 {}"),
    ("the environment variable {} is not set", "未设置环境变量 {}"),
    ("the environment variable {} is not UTF-8", "环境变量 {} 不是 UTF-8"),
    ("the environment variable {} is empty", "环境变量 {} 为空"),
    ("the file {} is empty", "文件 {} 为空"),
    ("the file {} is not UTF-8", "文件 {} 不是 UTF-8"),
    (
        "the environment variable {} holds what no header can: line breaks, or characters beyond ASCII",
        "环境变量 {} 含有请求头不允许的换行或非 ASCII 字符",
    ),
    (
        "the file {} holds what no header can: line breaks, or characters beyond ASCII",
        "文件 {} 含有请求头不允许的换行或非 ASCII 字符",
    ),
    ("{} (attempts: {})", "{}（尝试 {} 次）"),
    // What became of a damaged file of the store.
    ("made again", "已重做"),
    ("removed", "已删除"),
    ("written anew", "已重写"),
    ("taken from the inbox again", "已从收件目录重新留存"),
    ("taken from release {}", "已从批次 {} 恢复"),
    ("neither in the store nor in the inbox: {}", "仓库和收件目录中均无：{}"),
    ("a row of {}", "{} 中的一条记录"),
    ("a link", "链接"),
    ("a file", "文件"),
    ("not a link to a release", "不是指向批次的链接"),
    ("no pointer, though there are releases", "已有批次，但没有指向"),
    // A part of a package and what is wrong with it, last: this fits nearly everything.
    ("{}: {}", "{}：{}"),
];

/// What this program says of a file, in Chinese; as it stands where it is no phrase of its own.
pub fn in_chinese(said: &str) -> Cow<'_, str> {
    PHRASES
        .iter()
        .find_map(|(english, chinese)| fill(chinese, &parts(said, english)?))
        .map_or(Cow::Borrowed(said), Cow::Owned)
}

/// What stands for each `{}` of `pattern` in `said`, if it fits.
fn parts<'s>(said: &'s str, pattern: &str) -> Option<Vec<&'s str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = said.strip_prefix(pieces.next()?)?;
    let mut parts = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let end = match (piece, pieces.peek()) {
            ("", None) => rest.len(),
            // The last piece is the end: what stands before it may hold the same words.
            (piece, None) => rest.len() - rest.ends_with(piece).then_some(piece.len())?,
            (piece, Some(_)) => rest.find(piece)?,
        };
        parts.push(rest.get(..end).filter(|part| !part.is_empty())?);
        rest = rest.get(end + piece.len()..)?;
    }
    rest.is_empty().then_some(parts)
}

/// `chinese` with its places filled, in order or by their numbers.
fn fill(chinese: &str, parts: &[&str]) -> Option<String> {
    let mut filled = String::new();
    let mut next = parts.iter();
    let mut pieces = chinese.split('{');
    filled.push_str(pieces.next()?);
    for piece in pieces {
        let (number, text) = piece.split_once('}')?;
        let part = match number.parse::<usize>() {
            Ok(number) => parts.get(number.checked_sub(1)?)?,
            Err(_) => next.next()?,
        };
        // Phrases lie in one another but for the last, which would fit a part of anything.
        let (_, inner) = PHRASES.split_last()?;
        let within = inner
            .iter()
            .filter(|_| part.contains(' '))
            .find_map(|(english, chinese)| fill(chinese, &self::parts(part, english)?));
        filled.push_str(within.as_deref().unwrap_or(part));
        filled.push_str(text);
    }
    Some(filled)
}
