//! Every problem code there is. The codes are an interface: they are documented, stable, and each has a test case.
//!
//! The letter names the room that finds it: `F` fetch, `R` read, `L` layout, `C` clean, `M` model, `P` protect, `S` store.

use Severity::{Error, Note, Warning};

/// How much a problem matters to whoever reads the published tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing was lost or changed in meaning.
    Note,
    /// Published figures may be affected, or a cell was set aside.
    Warning,
    /// A row, a table or a file could not be used and is in quarantine.
    Error,
}

impl Severity {
    /// The word in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Severity::Note => "提示",
            Severity::Warning => "警告",
            Severity::Error => "错误",
        }
    }

    /// The word used in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A rule that data can break.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// Room letter and number, for example `C003`.
    pub code: &'static str,
    /// Short name in snake case, used in ledgers and tests.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The rule in one sentence.
    pub en: &'static str,
    /// The rule in one sentence, in Chinese.
    pub zh: &'static str,
    /// The way out.
    pub hint_en: &'static str,
    /// The way out, in Chinese.
    pub hint_zh: &'static str,
}

/// The rule with this code.
pub fn by_code(code: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.code == code).copied()
}

/// Notes that an auditor asks for: what was left out, inferred, restored or recoded. They are published with the problems; other
/// notes are about files, and are seen where these are looked at.
pub static NOTED: [&Rule; 6] =
    [&COLUMN_UNKNOWN, &PERIOD_INFERRED, &NAMES_LEFT_BLANK, &CODE_REPAIRED, &REGION_RECODED, &REGION_EARLY];

macro_rules! rules {
    ($($id:ident $code:literal $severity:ident $en:literal $zh:literal $hint_en:literal $hint_zh:literal;)*) => {
        $(
            #[doc = $en]
            pub static $id: Rule = Rule {
                code: $code,
                name: stringify!($id),
                severity: $severity,
                en: $en,
                zh: $zh,
                hint_en: $hint_en,
                hint_zh: $hint_zh,
            };
        )*
        /// All rules, in the order of their codes.
        pub static ALL: &[&Rule] = &[$(&$id),*];
    };
}

rules! {
    SOURCE_UNREACHABLE "F001" Error
        "A source that is due could not be fetched." "到期的来源未能取得。"
        "Run again later; the address and the reply are named." "请稍后重试；地址和应答已列出。";
    NO_SOURCE_CLAIMS "F002" Warning
        "No source definition claims this file." "没有任何来源定义认领此文件。"
        "Run `mujun inspect FILE --draft` for a definition, or move the file away." "用 `mujun inspect FILE --draft` 生成来源定义，或移走该文件。";
    SEVERAL_SOURCES_CLAIM "F003" Error
        "More than one source definition claims this file." "有多个来源定义认领同一文件。"
        "Narrow `match` in one of the definitions." "请收窄其中一个定义的 `match`。";
    EXPECTED_FILE_MISSING "F004" Warning
        "A source that is declared has no export at all." "已声明的来源没有任何导出文件。"
        "Put its export into the inbox, or remove the definition." "请把导出文件放入收件目录，或删除该定义。";
    EXPORT_GONE "F005" Warning
        "An export that the last release or run used is gone; its figures are gone with it." "上次发布或运行所用的文件已不在收件目录中，其数据不再计入。"
        "Put it back if nobody meant to take it away." "如非有意移走，请放回收件目录。";
    ISSUE_UNDATED "F006" Error
        "The export gives no day of issue and is held to be older than those that have one: where they differ it was not used." "该文件没有发布日期，按早于所有注明日期的版本处理；与其不一致的内容未予采用。"
        "If it is a revision, write its day at the end of its name, like _20180520; otherwise remove it." "如为修订版，请在文件名末尾写明日期，例如 _20180520；否则请移走该文件。";
    EXPORT_LATE "F007" Error
        "An export that the calendar calls for is late, and the pipeline says that nothing is published without it." "日历要求的文件逾期未到，流水线规定缺少该文件时不发布。"
        "Have it sent; or, in the pipeline, move its day (`moved`) or say what its delay means (`delay`)." "请催报；也可在流水线中改期（`moved`）或更改逾期处理方式（`delay`）。";
    ISSUED_IN_FUTURE "F080" Error
        "The export says that it was issued after the day of the run; it was not used." "文件写明的发布日期晚于运行日期，该文件未予采用。"
        "Have the day in its name or caption corrected; if it is right, look at the clock of this machine." "请更正文件名或表头中的发布日期；如日期无误，请检查本机时钟。";

    SOURCE_REFUSES "F020" Error
        "The server refuses the export: there is no token, or it is not the right one." "服务器拒绝提供文件：未带令牌，或令牌无效。"
        "Renew the token that `auth_env` or `auth_file` of the source definition names, or have access granted." "请更新来源定义中 `auth_env` 或 `auth_file` 所指的令牌，或申请访问权限。";
    SOURCE_MOVED "F021" Error
        "The address does not give the export." "该网址没有给出文件。"
        "Find out where the export is now, and correct `url` in the source definition." "请查明文件的现网址，并更正来源定义中的 `url`。";
    SOURCE_UNTRUSTED "F022" Error
        "No encrypted connection with a server that can be trusted came about." "未能与可信的服务器建立加密连接。"
        "What is missing is named; no token was sent." "所缺内容已列出；未发送令牌。";
    SOURCE_MISCONFIGURED "F023" Error
        "What is to be sent to the server is not there, or cannot be sent." "应发送给服务器的内容缺失或无法发送。"
        "Set what is named where the program is started, and run again." "请在启动程序的环境中补上所列内容后重新运行。";
    ANSWER_NOT_DATA "F024" Error
        "The answer is no export that the source definition can read; it was not taken." "应答不是来源定义能够读取的文件，未予采用。"
        "Look at what the address gives; a right file can be put into the inbox under the export's name meanwhile." "请打开该网址查看；在此之前可将正确的文件以同名放入收件目录。";
    ANSWER_OF_OTHER_FORMAT "F025" Error
        "The answer is in another format than the last good one; it was not taken." "应答的格式与最近一次有效应答不同，未予采用。"
        "If the source has changed its format, declare the new one in the source definition, as `format`." "如来源已更改格式，请在来源定义中用 `format` 声明新格式。";
    ANSWER_SHRUNK "F026" Error
        "The answer has far fewer rows than the last good one, or lacks quarters of it; it was not taken." "应答的行数远少于最近一次有效应答，或缺少其中的季度，未予采用。"
        "Have it looked at; if it is right, lower `least_share` under `[fetch]` of the source definition." "请核实；如确实如此，请调低来源定义 `[fetch]` 中的 `least_share`。";
    ANSWER_CUT "F027" Error
        "The answer may have been cut off: nothing says that it is whole. It was not taken." "应答可能不完整：无从确认其已全部传到，未予采用。"
        "Have the server say how long it is; if the export really ends like this, write `trust_end = true` under `[fetch]` of the source definition." "请对方在应答中注明长度；如文件确实如此结尾，请在来源定义 `[fetch]` 中写 `trust_end = true`。";
    ANSWER_TOO_LARGE "F028" Error
        "The answer is larger than a limit allows; it was not taken." "应答超出限额，未予采用。"
        "If the export is right, raise `max_file_bytes` in site.toml, or `max_bytes` under `[fetch]` of the source definition." "如文件无误，请提高 site.toml 的 `max_file_bytes` 或来源定义 `[fetch]` 中的 `max_bytes`。";
    EXPORT_STALE "F029" Warning
        "The export is the last good answer of its source, which gave none this time." "来源本次未给出有效应答，沿用最近一次有效应答。"
        "Nothing to do here: see what is said of the source." "此处无需处理：请查看对该来源的说明。";
    EXPORT_TOO_OLD "F030" Error
        "The export is older than `max_stale_days` allows, and its source gives no newer one." "文件已超过 `max_stale_days` 的期限，而来源未给出更新的文件。"
        "Mend the source, or put the export into the inbox under the same name." "请恢复该来源，或将文件以同名放入收件目录。";
    NAME_TAKEN "F031" Warning
        "A file in the inbox has the name of an export that is fetched; the file counts, and what was fetched does not." "收件目录中有与所取文件同名的文件，以收件目录中的为准。"
        "Take the file away once the source is right again." "来源恢复后请移走该文件。";
    ANSWER_OF_OTHER_PERIOD "F032" Error
        "The answer is of another period than the one that was asked for; it was not taken." "应答不是所请求时期的数据，未予采用。"
        "See how the server wants the period written: it is filled into `url`, or into `body` under `[fetch]`, of the source definition." "请核对对方要求的时期写法：时期填入来源定义的 `url` 或 `[fetch]` 的 `body`。";

    STILL_ARRIVING "F040" Warning
        "The file changed within the last seconds, or while it was read: its sender may still be writing it, and it was not taken." "文件在最近几秒内或读取过程中仍有变动，可能尚未传完，本次未予采用。"
        "Run again when the transfer is over: `quiet_seconds` in site.toml says how long a file must be at rest." "请在传输完成后重新运行；文件须静止多少秒由 site.toml 中的 `quiet_seconds` 规定。";
    TRANSFER_UNFINISHED "F041" Warning
        "The name is that of a transfer which has not come to its end; the file was not taken." "文件名表明传输尚未完成，未予采用。"
        "Wait until the program that transfers it gives it its name, or transfer it again." "请等待传输程序完成并改回正式名称，或重新传输。";
    NOT_READABLE "F042" Error
        "The system does not let this file or folder of the inbox be read." "收件目录中的该文件或文件夹无法读取。"
        "Give the user who runs this the right to read it, or look at the disk it is on." "请为运行本程序的用户开放读取权限，或检查所在磁盘。";
    LINK_TO_NOWHERE "F043" Error
        "A link in the inbox leads nowhere, or back to itself." "收件目录中的链接没有指向任何文件，或指向自身。"
        "Link to the file that is meant, or put the file itself there." "请改为指向所需文件，或直接放入该文件。";
    NO_PLAIN_FILE "F044" Warning
        "A pipe, a socket or a device lies where exports are dropped; it was not opened." "收件目录中的该项是管道、套接字或设备，不是文件，未予打开。"
        "Take it away; write what it gives into a file." "请移走；如需其内容，请先写入文件。";
    NAME_WITH_CONTROL "F045" Error
        "The name of the file or folder holds a control character; it was not read." "文件或文件夹的名称含有控制字符，未予读取。"
        "Give it a plain name." "请改用普通文件名。";

    EMPTY_FILE "R001" Error
        "The file holds no bytes, or only blanks." "文件为空，或只有空白。"
        "Ask the sender for the file again." "请发送方重新提供文件。";
    UNKNOWN_FORMAT "R002" Error
        "The content is in no format that can be read." "内容不是可读取的格式。"
        "Save it as CSV, XLSX, XLS or ODS." "请另存为 CSV、XLSX、XLS 或 ODS。";
    UNDECODABLE "R003" Error
        "The bytes are valid in none of the encodings the file may have." "文件的字节不符合任何允许的编码。"
        "Check `encoding` in the source definition, or have the file exported again." "请检查来源定义中的 `encoding`，或重新导出。";
    CORRUPT_CONTAINER "R004" Error
        "The file is truncated or damaged." "文件被截断或已损坏。"
        "Ask the sender for the file again." "请发送方重新提供文件。";
    SUFFIX_LIES "R005" Note
        "The content is not what the file name says; it was read as what it is." "内容与文件扩展名不符，已按实际格式读取。"
        "Nothing to do." "无需处理。";
    LIMIT_EXCEEDED "R006" Error
        "The file is larger than a limit allows." "文件超出限额。"
        "Raise the limit that is named, in site.toml, if the file is right." "如文件无误，请在 site.toml 中提高所列的限额。";
    UNTERMINATED_QUOTE "R007" Error
        "A quoted cell is never closed: the rest of the file was inside it." "引号未闭合：其后的内容都落在该单元格内。"
        "Have the file exported again." "请重新导出文件。";
    NOT_DATA "R008" Error
        "The file is an error page or another text without a table." "文件是错误页面，或是不含表格的文本。"
        "Download the export again and look at it." "请重新下载并打开查看。";
    ENCRYPTED "R009" Error
        "The file is encrypted." "文件已加密。"
        "Only Excel's default password is tried; save it again without a password." "仅尝试 Excel 的默认密码；请去除密码后另存。";
    DECLARED_FORMAT_DIFFERS "R010" Error
        "The content is not in the format or encoding the source definition demands." "内容与来源定义要求的格式或编码不符。"
        "Correct `format` or `encoding` in the source definition, or have the file exported again." "请更正来源定义中的 `format` 或 `encoding`，或重新导出。";
    NO_SUCH_SHEET "R011" Error
        "The sheet that the source definition names is not in the workbook." "工作簿中没有来源定义指定的工作表。"
        "Correct `sheet` in the source definition." "请更正来源定义中的 `sheet`。";
    DAMAGED_TEXT "R012" Warning
        "The text holds NUL or replacement characters: it was damaged before it was sent." "文本含有 NUL 或替换字符：发送前已损坏。"
        "Ask the sender for the original file; what was lost cannot be restored." "请向发送方索取原始文件；已丢失的内容无法恢复。";
    DEFAULT_PASSWORD "R013" Note
        "The workbook is encrypted with the password that Excel uses by default, and was opened with it." "工作簿以 Excel 的默认密码加密，已用该密码打开。"
        "Nothing to do." "无需处理。";
    FORMULA_WITHOUT_VALUE "R014" Warning
        "A formula was saved without its value; the formula stands in the cell instead." "公式保存时没有带结果值；读到的是公式本身。"
        "Open the workbook in a spreadsheet program, let it compute, and save it." "请用电子表格软件打开、重新计算后保存。";
    CODE_PAGE_LIES "R015" Warning
        "The code page that the workbook names cannot be that of its text; it was read as what it is." "工作簿所写代码页与其文字不符，已按实际编码读取。"
        "Look at the labels; have the workbook saved as xlsx if they are wrong." "请核对标签文字；如有误，请另存为 xlsx。";
    HIDDEN_SHEET "R016" Note
        "A sheet that is hidden in the workbook was read like the others." "工作簿中隐藏的工作表也已读取。"
        "Name the sheet you want in the source definition." "请在来源定义中用 `sheet` 指定所需的工作表。";
    REPLY_IS_ERROR "R017" Error
        "The file is the error reply of a query, not data." "文件是查询接口返回的错误信息，不是数据。"
        "Query again for a period and an indicator that the source has." "请改用该来源已有的时间和指标重新查询。";
    REPLY_CONTRADICTS "R018" Error
        "A node of the reply contradicts itself or names what the reply does not explain." "应答中的数据节点自相矛盾，或引用了应答未说明的代码。"
        "Query again; neither of the two values was used." "请重新查询；两个数值均未采用。";
    MEMBER_PASSED_OVER "R019" Note
        "A member of the archive was left behind by an operating system or an office program; it was passed over." "压缩包中的该成员是操作系统或办公软件的遗留文件，已跳过。"
        "Nothing to do." "无需处理。";
    MEMBER_NAME "R020" Error
        "A member of the archive does not have the name of a plain file; it was not read." "压缩包成员的名称不是普通文件的名称，未予读取。"
        "Pack the file again under a plain name." "请改用普通文件名重新打包。";
    MEMBER_TWICE "R021" Error
        "Members of the archive have the same name; none of them was read." "压缩包中有同名成员，均未读取。"
        "Pack the files again under different names." "请改用不同的文件名重新打包。";
    ARCHIVE_TOO_DEEP "R022" Error
        "Archives lie in one another more than two deep; the innermost was not opened." "压缩包嵌套超过两层，未予打开。"
        "Unpack it and send its files." "请解压后报送其中的文件。";

    CUT_OFF "R040" Error
        "The file ends before its content does: it was cut off on its way." "文件内容不完整：传输中途被截断。"
        "Have it transferred again, and compare its length with the original." "请重新传输，并与原文件核对大小。";

    PACKED_OTHERWISE "R050" Error
        "The file is packed in a way that is not opened." "文件的压缩方式不受支持，未予解压。"
        "Unpack it and send its files, or pack them as zip, 7z (LZMA), tar or gzip; write a Parquet file with Snappy (`compression=\"snappy\"`)." "请解压后报送其中的文件，或改用 zip、7z（LZMA）、tar 或 gzip 打包；Parquet 文件请以 Snappy 压缩写出（`compression=\"snappy\"`）。";
    FOREIGN_DATA "R051" Error
        "The file is a data file of a statistics or database program." "文件是统计软件或数据库软件的专用数据文件。"
        "Export the table there as CSV or XLSX: SPSS by File, Export, CSV Data; Stata by `export delimited`; SAS by `proc export`; R by `write.csv`; a database by its export of tables." "请在该软件中导出为 CSV 或 XLSX：SPSS 用“文件—导出—CSV 数据”，Stata 用 `export delimited`，SAS 用 `proc export`，R 用 `write.csv`，数据库用其导出功能。";
    DOCUMENT "R052" Error
        "The file is a document or a picture for people to look at, not a table of cells." "文件是供阅读的文档或图片，不是由单元格组成的表格。"
        "Ask the sender for the workbook that it was made from; a table in Word can be copied into a workbook and saved as XLSX." "请向发送方索取生成该文件的电子表格；Word 中的表格可复制到工作簿并另存为 XLSX。";
    CODE_PAGE_UNSAID "R053" Note
        "The table does not say in which code page its texts are; they were read as what their bytes are." "该表未注明文字的代码页，已按字节的实际编码读取。"
        "Look at the names; if they are wrong, write `encoding` into the source definition." "请核对名称；如有误，请在来源定义中写明 `encoding`。";
    CODE_PAGE_DIFFERS "R054" Warning
        "The code page that the table names cannot be that of its texts; they were read as what their bytes are." "该表注明的代码页与其文字不符，已按字节的实际编码读取。"
        "Look at the names; if they are wrong, write `encoding` into the source definition." "请核对名称；如有误，请在来源定义中写明 `encoding`。";
    RECORDS_DELETED "R055" Note
        "Records that are marked as deleted in the table were left out." "该表中带删除标记的记录未予采用。"
        "If they are meant to count, restore them (`recall all`) and export the table again." "如这些记录仍然有效，请取消删除标记（`recall all`）后重新导出。";
    MEMO_APART "R056" Warning
        "The texts of a memo field lie in a file of their own (.fpt or .dbt), which was not read; their places stand in the cells." "备注字段的内容存放在另一文件（.fpt 或 .dbt）中，未予读取；单元格中是其存放位置。"
        "Leave the column out, or have the table exported as XLSX or CSV." "请忽略该列，或将该表导出为 XLSX 或 CSV。";
    CUT_IN_CHARACTER "R057" Warning
        "A text fills its field and ends within a character; the half character was left out." "文字占满字段并在半个汉字处被截断，残缺部分已略去。"
        "The text itself may be cut off too: have the field made longer." "文字本身可能也被截断：请加长该字段后重新导出。";
    REPLY_IS_CATALOGUE "R058" Error
        "The reply lists indicators or areas; it holds no values." "应答是指标或地区的目录，不含数值。"
        "Query the values of the indicators that it lists (`esData`), and save that reply." "请按目录中的指标查询数值（`esData`），并保存该次应答。";
    REPLY_WITHOUT_VALUES "R059" Error
        "The reply is whole, and holds no values." "应答完整，但不含任何数值。"
        "Query a period for which something is published, or wait until it is." "请查询已发布的时期，或待发布后再查询。";

    HEADER_NOT_FOUND "L001" Error
        "No row holds the headers that the source declares." "找不到来源定义所声明的表头行。"
        "Compare the headers; add an alias to the column." "请核对表头；必要时为该列添加别名。";
    COLUMN_MISSING "L002" Error
        "A required column is missing." "缺少必需的列。"
        "Add the header as an alias of the column, if it is the same thing under another name." "如只是名称不同，请把该表头加为别名。";
    COLUMN_UNKNOWN "L003" Note
        "A column that the source does not declare was left out." "来源未声明的列未被采用。"
        "Declare it, or list it under `ignore`." "请声明该列，或列入 `ignore`。";
    UNIT_MISSING "L004" Error
        "Neither the file nor the source definition says the unit of this value." "文件和来源定义都没有说明该数值的计量单位。"
        "Declare `unit` for the column; where the values stand across, `value_unit` for all of them or `[units]` by heading." "请为该列声明 `unit`；数值横向排列的表请用 `value_unit` 声明统一单位，或在 `[units]` 中按表头逐列声明。";
    UNIT_UNKNOWN "L005" Error
        "The unit is not in the vocabulary." "计量单位不在词表中。"
        "Check the spelling; the nearest units are listed." "请检查写法；最接近的单位已列出。";
    UNIT_DIFFERS "L006" Error
        "The file states another unit than the source definition." "文件所写单位与来源定义不一致。"
        "Find out which is right: a wrong guess is a factor of 10 to 10 000." "请查明何者正确：猜错会相差 10 至 10 000 倍。";
    PERIOD_MISSING "L007" Error
        "Nothing says which period the file is for." "无法得知文件的报告期。"
        "Name the period in the file's title or name, as the source definition says." "请按来源定义，在表题或文件名中写明报告期。";
    PERIOD_UNREADABLE "L008" Error
        "A period label cannot be read." "报告期标签无法识别。"
        "Write it like 2018年1-12月, 2018年第四季度, 2018.12 or 2018Q4." "请写成 2018年1-12月、2018年第四季度、2018.12 或 2018Q4。";
    PERIOD_CLAIMS_DIFFER "L009" Error
        "The file's name and its title name different periods." "文件名与表题的报告期不一致。"
        "Find out which is right and have the file sent again." "请查明何者正确并重新报送。";
    ITEM_NAME_DIFFERS "L010" Error
        "The item's code and its name do not belong together." "指标代码与名称不匹配。"
        "The same form number meant other items in other years: check the form's edition." "同一表号在不同年份含义不同：请核对表式版本。";
    HEADER_TWICE "L011" Error
        "Two columns answer to the same declaration." "两列对应同一声明。"
        "Make the header patterns of the column more exact." "请使该列的表头声明更精确。";
    BODY_EMPTY "L012" Error
        "There is a header but not one row of data." "只有表头，没有数据行。"
        "Ask the sender whether the file is complete." "请向发送方核实文件是否完整。";
    UNIT_CHANGES "L013" Error
        "The file states several units and the table does not say which holds." "文件写有多个单位，无法判断以何者为准。"
        "Declare `unit` for each column." "请为每列声明 `unit`。";
    NO_HEADER "L014" Error
        "Figures stand in the sheet without any header over them." "工作表中有数字，但其上方没有表头。"
        "Say which part of the sheet holds the table, or have the scratch figures removed." "请说明表格在工作表的哪一部分，或请对方删去草稿数字。";
    PERIOD_INFERRED "L015" Note
        "A period that could be read in two ways was read by those beside it, or by the one over the table." "一个有两种读法的报告期已按相邻的或表上方的报告期判定。"
        "Check it; have the export write each period in full." "请核对；请导出方将每个报告期写完整。";
    UNITS_CONTRADICT "L016" Error
        "Two different units are stated for one value." "同一数值写有两个不同的单位。"
        "Ask the sender which holds, and declare `unit`." "请向发送方核实，并声明 `unit`。";
    PART_LEFT_OUT "L017" Note
        "A part of the file that does not hold the declared table was left out." "文件中不含所声明表格的部分未被采用。"
        "Nothing to do if it is scratch; otherwise declare a source for it." "如为草稿可不处理；否则请为其另写来源定义。";
    HEADER_INSIDE "L018" Error
        "Another table begins among the rows." "数据行中又出现了另一张表的表头。"
        "Declare `tables = \"several\"` in the source definition." "请在来源定义中声明 `tables = \"several\"`。";
    REGION_DIFFERS "L019" Error
        "The export says that its figures are of another region than the source definition expects." "文件写明的地区不是来源定义所要求的地区。"
        "Ask the sender for the export of the right region; if the definition is wrong, correct `region` or `region_within`." "请向发送方索取正确地区的文件；如定义有误，请更正 `region` 或 `region_within`。";
    BASIS_DIFFERS "L020" Error
        "The export says that its figures are on another base or basis than the source definition expects." "文件写明的基期或口径与来源定义所要求的不一致。"
        "Have the figures sent on the one that is expected, or declare a source of its own for them; none was converted." "请按要求的基期或口径重新报送，或为其另写来源定义；未作换算。";
    NAMES_LEFT_BLANK "L021" Note
        "Names of rows that were left blank were read as the name above them." "留空的行名已按其上方的行名读取。"
        "Check that these rows belong to the name above; have the export repeat it in each row." "请核对这些行确属上方的名称；请导出方在每行重复写明。";
    FIGURES_WITHOUT_PERIOD "L022" Warning
        "A column of figures stands beside the periods, and its heading names none; it was left out." "有一列数字与各时期并列，其表头未写明时期，未予采用。"
        "Write its heading under `latest` if its figures are of the latest of these periods, as a growth mostly is; otherwise under `ignore`." "如该列（多为增长率）属于其中最近的时期，请将其表头列入 `latest`；否则列入 `ignore`。";
    SERIES_IN_SEVERAL_COLUMNS "L023" Error
        "Rows name what their value is of, and several columns hold values." "各行已写明所属指标，却有多列数值。"
        "Write all headings but that of the values under `ignore`." "请将数值列以外的表头列入 `ignore`。";
    PERIOD_ACROSS "L040" Error
        "A heading is a part of a year whose rows name the year, and the source definition takes it for an indicator." "表头是一年中的一段时间（各行写有年份），来源定义却将其作为指标。"
        "Declare `across = \"period\"` in the source definition; if it really is an indicator, declare it as a column of its own." "请在来源定义中声明 `across = \"period\"`；如确为指标，请单独声明该列。";
    PERIOD_OFF_FREQUENCY "L041" Error
        "A value of a quarterly or yearly series stands at a month that ends no quarter or year." "季度或年度指标的数值所在月份不是季末或年末。"
        "Ask the sender which period the value is of; it was given none." "请向发送方核实该数值的报告期；未为其确定报告期。";
    FIGURES_OUTSIDE "L042" Warning
        "Figures stand outside the rows and columns that are read: over the table, in its headings or notes, beside it, or in a part that is left out." "有数字位于所读取的行列之外：表格之上、表头或说明中、表格旁边，或未采用的部分。"
        "Look at them: if they belong to the table, declare `header_rows` or `tables = \"several\"`; if not, have them removed." "请核对：如属于该表，请声明 `header_rows` 或 `tables = \"several\"`；如不属于，请对方删去。";
    HEADING_OF_ANOTHER_PERIOD "L043" Warning
        "A heading names another period than the table, and the source definition takes it for an indicator; the column was left out." "表头写明的报告期与表的报告期不同，来源定义却将其作为指标；该列未予采用。"
        "If the source needs these figures, declare the heading as a column of its own; otherwise list it under `ignore`." "如需要该列，请单独声明该列；否则请列入 `ignore`。";
    LINE_SAYS_OTHERWISE "L044" Error
        "A line or the name of a row says another period or unit than stands over the table: nobody knows of which the rows below are." "行间文字或行名写明的报告期或单位与表上方不同，无法判断其下各行以何者为准。"
        "Have the parts sent as tables of their own, each with its period and unit over it." "请将各部分分别制表报送，并在各表上方写明报告期和单位。";
    UNIT_NOT_FOR_COLUMN "L060" Error
        "A unit is stated, but the heading of this column says that its figures are something else; they were not used." "文件或定义写有计量单位，但该列表头表明其数值并非以此计量，该列数值未予采用。"
        "Write the column's own unit under `[units]` of the source definition, or list its heading in `ignore`." "请在来源定义的 `[units]` 中写明该列自己的单位，或将其表头列入 `ignore`。";
    PERIOD_WITHIN_QUARTER "L061" Error
        "The period was read, but it ends within a quarter: it gives no figures of a quarter." "报告期可以识别，但其截止月份不是季末，无法作为季度数据。"
        "Send the export of the quarter's end, or write `frequency = \"monthly\"` in the source definition, so that such months are passed over." "请报送截至季末的文件；如为月报，请在来源定义中写 `frequency = \"monthly\"`，非季末月份即予略过。";
    ROWS_UNEXPECTED "L100" Warning
        "The export does not have as many rows as its definition expects." "文件的行数与来源定义的预期不符。"
        "See which rows came or went; if it is right, correct `rows` under `[expected]` of the source definition." "请核对增减了哪些行；如属实，请更正来源定义 `[expected]` 中的 `rows`。";
    ROWS_REFUSED "L101" Error
        "The export does not have as many rows as its definition demands; it was not used." "文件的行数不符合来源定义的要求，未予采用。"
        "Ask the sender for the whole export; if it is right, correct `rows` under `[expected]` of the source definition." "请向发送方索取完整文件；如属实，请更正来源定义 `[expected]` 中的 `rows`。";
    HEADINGS_UNEXPECTED "L102" Warning
        "A heading is new, or one that is expected is missing." "出现了新的表头，或缺少预期的表头。"
        "See whether the column still means the same; then correct `headings` under `[expected]`, and the column's own declaration if it has one." "请核对该列含义是否有变，再更正 `[expected]` 中的 `headings`；该列如已声明，请一并更正。";
    LABELS_UNEXPECTED "L103" Warning
        "A row that is expected is missing, or rows do not have as many names as expected." "缺少预期的行，或行名个数与预期不符。"
        "Ask the sender for the row; if it is gone for good, correct `labels` under `[expected]`, and `[[total]]` where it names the row." "请向发送方索取该行；如确已取消，请更正 `[expected]` 中的 `labels`，以及提到该行的 `[[total]]`。";
    PERIODS_UNEXPECTED "L104" Warning
        "A period is missing, or there are not as many as expected." "缺少某个时期，或时期个数与预期不符。"
        "Ask the sender for the period; if it is right, correct `step`, `periods` or `period_count` under `[expected]`." "请向发送方索取该时期；如属实，请更正 `[expected]` 中的 `step`、`periods` 或 `period_count`。";
    UNIT_UNEXPECTED "L105" Warning
        "Another unit stands over the table than is expected, or none." "表上方的计量单位与预期不符，或未写明。"
        "See whether the figures are in that unit; if it is right, correct `unit` under `[expected]`." "请核对数值是否确为该单位；如属实，请更正 `[expected]` 中的 `unit`。";
    TOTAL_UNEXPECTED "L106" Warning
        "A total is not the sum of its parts." "合计数不等于各分项之和。"
        "Ask the sender which figure is wrong; if a total is no such sum any more, correct `[[total]]` of the source definition." "请向发送方核实何数有误；如口径已变，请更正来源定义中的 `[[total]]`。";
    HEADING_OR_DATA "L107" Error
        "The row under the headings may be one more of them, or data: its numbers make an axis of periods, and the headings above tell the columns apart without it." "表头之下的一行可能是表头，也可能是数据：其数字构成时间轴，而上方表头已能区分各列。"
        "Look at the row, and write `header_rows` into the source definition: the smaller number if it is data." "请查看该行，并在来源定义中写明 `header_rows`：如为数据，取较小的数。";
    PERIODS_TWICE "L108" Error
        "Periods stand in the rows and in the headings, and they are of different years: nothing says of which of the two a figure is." "各行与表头都写有时期且年份不同，无法判定数值属于何者。"
        "Decide it in the source definition: `across = \"indicator\"` if the periods of the rows hold; `kind = \"text\"` for the column of the rows if those of the headings do." "请在来源定义中写明：以各行时期为准的写 `across = \"indicator\"`；以表头时期为准的，将行名列的 `kind` 写为 `\"text\"`。";

    NOT_A_NUMBER "C001" Error
        "Text stands where a number should be." "应为数值的单元格中是文字。"
        "Correct the cell, or declare the symbol as missing." "请更正该单元格，或把该符号声明为缺失。";
    VALUE_REQUIRED "C002" Error
        "A value that must be there is missing." "必填值缺失。"
        "Ask the sender for the value." "请向发送方索取该值。";
    CHECK_DIGIT "C003" Error
        "The code's check character is wrong." "代码校验位错误。"
        "Compare the code with the register: one character is mistyped." "请与登记库核对：有一位字符录入错误。";
    CODE_MALFORMED "C004" Error
        "The code has the wrong length or a character that cannot occur in it." "代码长度不对，或含有不允许的字符。"
        "Compare the code with the register." "请与登记库核对。";
    DUPLICATE_ROW "C005" Error
        "The row repeats an earlier row of the same file, value for value." "该行与同一文件中前面的行完全相同。"
        "The first one was kept; remove the other." "已保留第一行；请删除重复行。";
    DUPLICATE_KEY "C006" Error
        "Rows with the same key hold different values; none was used." "主键相同而数值不同的行，均未采用。"
        "Ask the sender which one holds." "请向发送方核实以何者为准。";
    UNKNOWN_PARK "C007" Error
        "The park is not on the register in that period." "该集聚区在该报告期不在登记库中。"
        "Check the code, or add the park to registers/parks.csv." "请核对代码，或在 registers/parks.csv 中添加。";
    UNKNOWN_UNIT "C008" Error
        "The enterprise is not on the register in that period." "该企业在该报告期不在登记库中。"
        "Add it to registers/enterprise_park.csv with its dates." "请在 registers/enterprise_park.csv 中添加并写明起止期。";
    UNKNOWN_INDUSTRY "C009" Error
        "The industry is not in the classification of that period." "行业代码不在该期适用的分类中。"
        "Check the code and the edition of GB/T 4754." "请核对代码及 GB/T 4754 版本。";
    UNKNOWN_REGION "C010" Error
        "The region is not in the list of regions." "行政区划不在区划表中。"
        "Check the code and its year." "请核对区划代码及年份。";
    PERIOD_OUTSIDE_CLAIM "C011" Error
        "The row's period lies outside the period the file claims." "该行的报告期超出文件所声明的报告期。"
        "Move the row to the file of its period." "请把该行放入对应报告期的文件。";
    RULE_BROKEN "C012" Error
        "The row breaks a validation rule of its source." "该行违反来源定义的校验规则。"
        "The rule is named; have the row corrected." "所违反的规则已列出；请更正该行。";
    RULE_DOUBTED "C013" Warning
        "The row is doubtful by a validation rule of its source, and was kept." "按来源定义的校验规则，该行存疑，仍予采用。"
        "Have it confirmed." "请核实。";
    TOO_PRECISE "C014" Error
        "The number has more decimals than the unit can hold." "小数位数超出计量单位所能容纳的精度。"
        "Check the unit: a value this fine is usually in another one." "请检查单位：如此细的数值通常属于其他单位。";
    OUT_OF_RANGE "C015" Error
        "The number is too large to be held exactly." "数值过大，无法精确保存。"
        "Check the unit and the cell." "请检查单位和单元格。";
    ROW_RAGGED "C016" Error
        "The row has more cells than the header, or lacks cells the header has." "该行的单元格数与表头不符。"
        "Look for a separator inside a value." "请检查数值中是否混入分隔符。";
    DATE_UNREADABLE "C017" Error
        "A date or period in the row cannot be read." "该行的日期或报告期无法识别。"
        "Write it like 2018-06-30, 2018年6月 or 201806." "请写成 2018-06-30、2018年6月 或 201806。";
    CODE_REPAIRED "C018" Note
        "A leading zero that a spreadsheet had dropped was restored." "已补回被电子表格丢掉的前导零。"
        "Nothing to do; format the column as text next time." "无需处理；下次请把该列设为文本。";
    NOT_IN_LIST "C019" Error
        "The value is not in the list of allowed values." "取值不在允许的清单中。"
        "Allowed values are listed." "允许的取值已列出。";
    CORRECTED "C020" Note
        "A known error was corrected by corrections.toml." "已按 corrections.toml 更正已知错误。"
        "Nothing to do; the correction is named." "无需处理；更正条目已列出。";
    ROW_DROPPED "C021" Note
        "The row was set aside because corrections.toml says so." "按 corrections.toml 的规定，该行不予采用。"
        "Nothing to do; the correction is named." "无需处理；更正条目已列出。";
    CORRECTION_STALE "C022" Warning
        "What a correction expects does not stand there any more; it was not applied." "更正条目所预期的内容已不在原处，未予更正。"
        "The source has been mended: delete the correction that is named, or look at the cell if it has not." "源文件可能已更正：请删除所列更正条目；如未更正，请核对该单元格。";
    CORRECTION_UNPLACED "C023" Warning
        "A correction finds no cell of its own: no such export, sheet, row or column, or several." "更正条目找不到唯一对应的单元格：没有该文件、工作表、行或列，或不止一处。"
        "Correct or delete the correction that is named." "请修改或删除所列更正条目。";

    ISSUE_DATE_MISSING "C024" Warning
        "The definition says what tells the day of issue, and it does not; every dated table supersedes this one." "文件中没有来源定义所指的发布日期；任何有日期的版本都将取代本表。"
        "Have the day added, or change `issued` in the source definition." "请补上日期，或修改来源定义中的 `issued`。";
    VINTAGES_TIE "C025" Error
        "Two exports issued on the same day give different values for the same row; neither was used." "同一天发布的两个文件对同一行给出不同数值，均未采用。"
        "Remove one of them, or give the later one a later day in its name." "请移走其中一个，或在较新文件的名称中写明较晚的日期。";
    UNIT_JUMP "C026" Error
        "The values of a column are off by the ratio of two units, or by a power of ten, against what is known of the same rows; the column was not used." "该列数值与同一对象的已知数值相差两个计量单位之比或 10 的整数次方，该列未予采用。"
        "The ratio is given: find out which of the two has the wrong unit, and declare it or have it corrected." "倍数已列出：请查明哪一方的单位有误，并声明单位或更正。";
    REGION_RECODED "C027" Note
        "The region's code had been given up by that period; its successor was used." "该区划代码在该报告期已停用，已改用其后继代码。"
        "Nothing to do; have the sender use the code of the period." "无需处理；请发送方使用报告期的有效代码。";
    REGION_EARLY "C028" Note
        "The region's code had not been given yet in that period; it was kept." "该区划代码在该报告期尚未启用，仍予采用。"
        "Nothing to do: figures of earlier years are often given out under later codes." "无需处理：以前年份的数据常按新代码重新公布。";
    NAME_AMBIGUOUS "C029" Error
        "The name has several meanings; none was chosen." "该名称有多种含义，未作选择。"
        "Write the code, or the name with that of its city before it; the meanings are listed." "请写代码，或在名称前加上所属城市；可能的含义已列出。";
    ROW_OF_OTHER_REGION "C030" Error
        "The row is of another region than the source definition expects." "该行的地区不是来源定义所要求的地区。"
        "Move the row to the export of its region; if the definition is wrong, correct `region` or `region_within`." "请把该行移入其所属地区的文件；如定义有误，请更正 `region` 或 `region_within`。";
    VALUE_IMPLAUSIBLE "C031" Warning
        "The value lies outside the range that the source definition holds plausible; it was set aside and counts as missing." "该数值超出来源定义的可信范围，未予采用，按缺失处理。"
        "Have it confirmed: readings that would be plausible are listed where there are any, none was assumed. If the value is right, widen `[[plausible]]`." "请核实：如有可信的读法已列出，均未采用。如数值无误，请放宽 `[[plausible]]` 的范围。";
    COLUMN_IMPLAUSIBLE "C032" Error
        "Too many values of a column or series lie outside the range that the source definition holds plausible; none of it was used." "该列或该序列超出可信范围的数值过多，整列未予采用。"
        "A unit, a base or a column was mistaken: the reading under which most would be plausible is given where there is one. Have it sent again, or correct it in corrections.toml." "可能是单位、基期或列次有误：能使多数数值可信的读法如有已列出。请重新报送，或在 corrections.toml 中更正。";
    VALUES_CONTRADICT "C033" Warning
        "Values of one row contradict one another by a rule of the source; all of them were set aside and count as missing." "按来源定义的校验规则，该行的数值相互矛盾，所涉数值均未采用，按缺失处理。"
        "The rule is named; ask the sender which of the values is wrong." "所违反的规则已列出；请向发送方核实哪一个数值有误。";
    SERIES_UNIT_DIFFERS "C034" Error
        "The heading states another kind of unit, or another base of an index, than the series has." "标题所写的计量单位或指数基期与该序列不符。"
        "Find out what the figures are: an index of 106.7 is a growth of 6.7 %. None was converted." "请核实数值的含义：指数 106.7 相当于增长 6.7%。未作换算。";
    UNIT_JUMP_IN_ROWS "C037" Error
        "Some rows of a column are off by the ratio of two units, or by a power of ten, against what is known of them; their values were not used." "该列部分行的数值与已知数值相差两个计量单位之比或 10 的整数次方，这些行的该项数值未予采用。"
        "The ratio, the rows and the city or park are given: have whoever sent these rows state their unit or correct them." "倍数、行号及所属市或集聚区已列出：请报送单位核实这些行的计量单位或更正。";
    CONTENT_REPEATED "C038" Error
        "The columns hold the figures of another period: the export was sent once more under another period, or this and last year's columns are exchanged. It was not used." "各列数据与另一报告期的数据相同：可能是同一内容以另一报告期重复报送，或本年与上年同期两列颠倒。该文件未予采用。"
        "The other period and its export are named: have the right period's figures sent." "已列出另一报告期及其文件：请重新报送本报告期的数据。";
    ISSUE_SHRUNK "C039" Error
        "A new issue of a list has far fewer rows than the one before: a part of it may be missing." "新版名单（台账）的行数远少于上一版，可能不完整。"
        "Have the whole list sent; if it is right, lower `least_share` under `[issues]` of the source definition." "请重新报送完整名单；如确实如此，请调低来源定义 `[issues]` 中的 `least_share`。";
    BETWEEN_QUARTERS "C040" Note
        "The form is of a month that ends no quarter; its rows are accounted for and not used." "本表为非季末月份的月报，各行已登记，不参与季度计算。"
        "Nothing to do: figures of a quarter come from the form of its last month." "无需处理：季度数据取自季末月份的报表。";
    STAY_AFTER_PARK "C041" Error
        "The register has something begin in a park that had been closed without a successor." "登记库中的起始期晚于该集聚区的终止期，且该集聚区没有后继。"
        "Correct the park or the date, or name the park's successor in registers/parks.csv." "请更正集聚区代码或起始期，或在 registers/parks.csv 中填写后继集聚区。";
    CREDIT_CODE_DIFFERS "C042" Error
        "Characters 9 to 17 of the credit code are not the organisation code beside it." "统一社会信用代码第 9 至 17 位与同行的组织机构代码不符。"
        "Find out which of the two is the enterprise's, and correct the other." "请查明两者中哪一个属于该企业，并更正另一个。";
    SUCCESSORS_IN_A_CIRCLE "C043" Error
        "Successors lead back to where they began." "后继代码首尾相接，形成循环。"
        "Leave the successor of the one that still exists empty." "请将现存者的后继代码留空。";
    STAY_OUTSIDE_PARK "C044" Error
        "The register has an enterprise in a park at a time when neither the park nor its successor is there: it would count nowhere." "登记库把企业记在某集聚区，而该时期该集聚区及其后继均不存在：该企业将不计入任何地区。"
        "Give the enterprise the park of that time, end its stay, or name the park's successor in registers/parks.csv (several, with semicolons, where it was split)." "请填写当时所在的集聚区、结束该段登记，或在 registers/parks.csv 中填写后继集聚区（拆分的填多个，用分号隔开）。";
    PERIOD_CANNOT_BE "C080" Error
        "The export is of a quarter that has not begun, or of one before the records begin; it was not used." "文件的报告期尚未开始，或早于有记录的最早季度，该文件未予采用。"
        "Have the period corrected; if the records go back further, say so by `earliest_quarter` in site.toml." "请更正报告期；如确有更早的记录，请在 site.toml 的 `earliest_quarter` 中写明。";
    FORMAT_CONTRADICTS "C090" Error
        "The number format of the cell shows the figure in another unit than the one that is stated." "单元格的数字格式所显示的单位与所注明的计量单位不一致。"
        "Have the sender say which holds: either the format or the stated unit is to be corrected; nothing was converted." "请向发送方核实并更正数字格式或计量单位；未作换算。";
    INNER_CODE "C091" Error
        "The credit code holds an organisation code whose own check character is wrong, and it is not on the register." "统一社会信用代码中的组织机构代码校验位错误，登记库中亦无此代码。"
        "Compare characters 9 to 17 with the register: two characters are mistyped, or the code was made up." "请与登记库核对第 9 至 17 位：有两位字符录入错误，或代码并非真实代码。";
    INDUSTRY_LEVEL "C092" Error
        "An industry group of three digits, or a code with the letter of its section, stands where a class or a division is wanted." "应为行业小类或大类代码，该处为三位中类代码，或带有门类字母。"
        "Write the class with four digits (with its leading zero) or the division with two; the division is named." "请写四位小类代码（保留首位的零）或两位大类代码；所属大类已列出。";

    RATIO_UNDEFINED "M001" Note
        "A ratio has no value because its denominator is zero or negative." "分母为零或负数，比率无定义。"
        "Nothing to do; the status of the row says so." "无需处理；该行状态已注明。";
    FORMS_CONTRADICT "M002" Warning
        "Forms of the same enterprise contradict each other." "同一企业的不同报表相互矛盾。"
        "Quarter, rule and how many of how many enterprises are named; the internal table quality/form_failures says which ones, and which figure is suspected." "已注明季度、规则及涉及企业数／可核对企业数；内部表 quality/form_failures 列明企业和可疑指标。";
    FORMS_DIFFER "M003" Note
        "Forms of the same enterprise differ more than is usual." "同一企业的不同报表差异偏大。"
        "Quarter, rule and how many of how many enterprises are named; have a look when they become more." "已注明季度、规则及涉及企业数／可核对企业数；增多时请核查。";
    STANDS_OUT "M004" Warning
        "The change of an area against last year stands out among those of the others." "该地区与上年同期相比的变化明显偏离其他地区。"
        "Quarter, measure and areas are named; quality/outliers has the figures. Confirm them with whoever sent the forms." "已注明季度、指标和地区；数值见 quality/outliers，请与报送单位核实。";
    BENCHMARK_MISSED "M005" Warning
        "A sum of areas and the published figure cannot both be right: rounding does not explain the difference." "地区合计与公布数相互矛盾，舍入误差不足以解释。"
        "Quarter, area and series are named; quality/benchmarks has both figures. Neither is changed." "已注明季度、地区和序列；两者见 quality/benchmarks，均不作调整。";
    PUBLISHED_FALLS "M006" Warning
        "A published series since January falls within a year." "公布的累计序列在年内下降。"
        "Compare the export with the publication; a revised year is published again as a whole." "请将文件与公布数据核对；年度修订应整年重新公布。";
    TOO_FEW_TO_COMPARE "M007" Note
        "Too few areas have a figure of both years: what stands out among them cannot be said." "两年均有数值的地区过少，无法判断哪些变化异常。"
        "The measure and how many quarters are named; `outliers.least_pairs` in quality.toml says how many it takes." "已注明指标和季度数；最少地区数见 quality.toml 的 `outliers.least_pairs`。";
    CALENDAR_ENDS_EARLY "M016" Warning
        "The dataset that says which quarters there are ends earlier than the release that stands, or than most of the others." "决定发布季度的数据集比现行发布批次或多数其他数据集结束得早。"
        "Look whether its last export is empty, refused or gone; if the release is to end there, run with `--to` and that quarter." "请检查其最近一期文件是否为空、未采用或缺失；如确需只发布到该季度，请用 `--to` 指定该季度后运行。";
    DATASET_SHORT "M018" Warning
        "Nothing came of a dataset for a quarter, or clearly less than for the quarter before." "某季度的数据集未报送，或报送单位明显少于上一季度。"
        "Have what is missing sent: figures that rest on it are withheld or have a flag until then, see `reason` and `reason_dataset` of the indicators." "请催报所缺数据：在此之前，以其为依据的指标不予公布或带有标记，见指标表的 `reason` 与 `reason_dataset`。";
    SUM_TOO_LARGE "M080" Error
        "A sum is too large to be held exactly, within 64 bits; nothing was published." "合计数超出 64 位整数的精确范围，未予发布。"
        "Look at the largest figures of the column, which are named: a unit or a cell is wrong. Have them sent again, correct them in corrections.toml, or give the column a range under `[[plausible]]` in its source definition, so that what cannot be right is set aside." "请核对所列列中最大的数值：通常是计量单位或单元格有误。请重新报送，或在 corrections.toml 中更正，或在来源定义的 `[[plausible]]` 中为该列写明可信范围，使不可能的数值不予采用。";

    TOO_FEW_UNITS "P001" Note
        "A figure rests on fewer units than may be shown." "该数值所依据的单位数少于可公开的下限。"
        "It is withheld from the public profile." "公开版中不予发布。";

    NOT_A_STORE "S001" Error
        "The folder is not empty and is no store: nothing was written to it or removed from it." "该目录不为空，也不是数据仓库：未写入、未删除任何内容。"
        "Name another folder with --store or `paths.store` in site.toml; a new store wants an empty one." "请用 --store 或 site.toml 的 `paths.store` 指定其他目录；新建仓库须用空目录。";
    MARKER_DAMAGED "S002" Error
        "The file STORE, which makes the folder a store, is not what the program wrote." "标明数据仓库的 STORE 文件与程序所写内容不符。"
        "If the folder is a store, `mujun verify --repair` writes it anew." "如确为数据仓库，运行 `mujun verify --repair` 即可重写。";
    STORE_NEWER "S003" Error
        "The store or its catalogue was made by a newer version of the program." "数据仓库或其目录库由更新版本的程序建立。"
        "Use the newer program." "请使用更新版本的程序。";
    LINK_IN_STORE "S004" Error
        "A link stands where the store has a file or folder of its own; links are not followed." "数据仓库自身的文件或目录被链接取代；程序不跟随链接。"
        "Put what it leads to in its place, or link or mount the store as a whole." "请将链接所指内容放回原处，或对整个仓库作链接或挂载。";
    MARKER_WRITTEN "S005" Note
        "The store had been made by an older program, without the file STORE; it was given one." "该数据仓库由旧版程序建立，没有 STORE 文件，现已补写。"
        "Nothing to do." "无需处理。";
    RAW_DAMAGED "S006" Error
        "A kept export does not have the digest that it is named by." "留存的原始文件与其摘要名不符。"
        "Put the export into the inbox again if it is not there: it is taken from there. Have the disk checked." "如收件目录中已无该文件，请重新放入，程序将重新留存。请检查磁盘。";
    RAW_MISSING "S007" Error
        "A kept export is gone." "留存的原始文件不见了。"
        "Put the export into the inbox again if it is not there: it is taken from there." "如收件目录中已无该文件，请重新放入，程序将重新留存。";
    FACTS_DAMAGED "S008" Error
        "The facts of an export are not what the program wrote." "某文件的事实表与程序所写内容不符。"
        "They are made again from the kept export, by a run that needs them or by `mujun verify --repair`. Have the disk checked." "需要时由运行从留存的原始文件重做，也可运行 `mujun verify --repair`。请检查磁盘。";
    FACTS_MISSING "S009" Error
        "The facts of an export are gone." "某文件的事实表不见了。"
        "They are made again from the kept export, by a run that needs them or by `mujun verify --repair`." "需要时由运行从留存的原始文件重做，也可运行 `mujun verify --repair`。";
    QUARANTINE_DAMAGED "S010" Error
        "The rows of an export that were set aside are not what the program wrote." "某文件的隔离行与程序所写内容不符。"
        "They are made again from the kept export, by a run that needs them or by `mujun verify --repair`. Have the disk checked." "需要时由运行从留存的原始文件重做，也可运行 `mujun verify --repair`。请检查磁盘。";
    QUARANTINE_MISSING "S011" Error
        "The rows of an export that were set aside are gone." "某文件的隔离行不见了。"
        "They are made again from the kept export, by a run that needs them or by `mujun verify --repair`." "需要时由运行从留存的原始文件重做，也可运行 `mujun verify --repair`。";
    CATALOGUE_DAMAGED "S012" Error
        "The catalogue is damaged." "目录库已损坏。"
        "`mujun verify --repair` makes a new one of the rows that are whole and keeps the damaged one beside it; a copy of the store is better. Have the disk checked." "运行 `mujun verify --repair`：以完好的记录重建，损坏的目录库另存于旁；如有仓库备份，请优先恢复备份。请检查磁盘。";
    CATALOGUE_ROW_DAMAGED "S013" Error
        "A row of the catalogue is not what the program wrote." "目录库中有记录与程序所写内容不符。"
        "`mujun run` makes again what follows from exports; `mujun verify --repair` removes what it cannot. When an export was first received is then the day of the next run." "由原始文件得出的内容，运行 `mujun run` 即会重做；其余由 `mujun verify --repair` 删除，文件的首次收到日期将记为下次运行之日。";
    FILE_UNLISTED "S014" Note
        "Nothing names this file of the store: an interrupted run left it, or it is of an older one." "仓库中有文件未被引用：由中断的运行遗留，或属于更早的运行。"
        "Nothing to do." "无需处理。";
    FILE_FOREIGN "S015" Warning
        "This is in the store and not of its making; it was left alone." "仓库中有非程序生成的内容，未作处理。"
        "Move it out of the store." "请将其移出数据仓库。";
    RELEASE_FILE_CHANGED "S016" Error
        "A file of a release is not what its manifest lists." "发布批次中的文件与清单不符。"
        "`mujun verify --repair` takes it from another release that has it whole; `mujun run` makes the release of its inputs again." "运行 `mujun verify --repair`，从其他批次中完好的同一文件恢复；运行 `mujun run` 会重新生成收件目录所对应的批次。";
    RELEASE_FILE_MISSING "S017" Error
        "A file of a release is gone." "发布批次中的文件不见了。"
        "`mujun verify --repair` takes it from another release that has it whole; `mujun run` makes the release of its inputs again." "运行 `mujun verify --repair`，从其他批次中完好的同一文件恢复；运行 `mujun run` 会重新生成收件目录所对应的批次。";
    RELEASE_FILE_EXTRA "S018" Error
        "A file lies in a release that its manifest does not list." "发布批次中有清单未列的文件。"
        "Move it out: readers of the folder take it for a part of the release." "请将其移出：读取该目录的人会误认为是批次内容。";
    MANIFEST_DAMAGED "S019" Error
        "The manifest of a release is gone or not what the program wrote." "发布批次的清单缺失，或与程序所写内容不符。"
        "`mujun run` makes the release of its inputs again; an older one that is damaged is to be removed with its folder." "运行 `mujun run` 会重新生成收件目录所对应的批次；其他已损坏的旧批次请删除其目录。";
    POINTER_LOST "S020" Error
        "`current` does not lead to a release." "`current` 未指向任何发布批次。"
        "`mujun run` points readers to the release that the inbox gives, `mujun releases pin ID` to another one." "运行 `mujun run` 即可重新指向收件目录所对应的批次；如需其他批次，用 `mujun releases pin 批次号`。";
    OPEN_TO_OTHERS "S021" Warning
        "Others on this machine can read or change what the store keeps for itself." "本机其他用户可读取或改动仓库内部文件。"
        "`mujun verify --repair` shuts them out; where that is not allowed, let the owner of the store run it." "运行 `mujun verify --repair` 收紧权限；如无权限，请由仓库所有者运行。";
    HOLD_VOID "S070" Error
        "The file that holds the pointer names no release that is there and whole: it holds nothing." "固定现行批次的文件未写明一个存在且完整的发布批次，固定无效。"
        "`mujun releases unpin` removes it (with `--profile public` where it is pinned-public); `mujun releases pin ID` sets another." "用 `mujun releases unpin` 撤除（文件为 pinned-public 时加 `--profile public`），或用 `mujun releases pin ID` 重新固定。";
    POINTER_TAKEN "S071" Warning
        "A folder or file stood where the pointer to the release must be; it was moved aside, and nothing in it was changed." "现行指针的位置被普通目录或文件占用，已将其移开，内容未作改动。"
        "Delete it if nobody needs it; copy a store with its links, for example with `cp -a`." "如无用请删除；复制仓库时须保留链接，例如用 `cp -a`。";
    RELEASE_DAMAGED "S072" Warning
        "Something of a release was missing or changed; the release was made again." "发布批次有缺失或被改动，已重新生成。"
        "Nothing is left to do but to find out who changes files of the store; `mujun verify` reads every byte." "无需处理，但请查明何人改动了仓库中的文件；`mujun verify` 可逐字节核对。";
    FINDINGS_UNREADABLE "S073" Warning
        "What was found wrong in an export could not be read from the catalogue; the export was read again." "目录库中该文件的问题记录无法读取，已重新读取该文件。"
        "Nothing is left to do; if it happens again, have the disk looked at." "无需处理；如再次出现，请检查磁盘。";
    REVISIONS_DAMAGED "S074" Warning
        "A table of what one release changed in another is not what the program wrote, or is gone; no figure rests on it." "两个发布批次之间的变动表与程序所写内容不符，或已缺失；各项指标不受影响。"
        "Delete its folder under `revisions/`, or take it from a copy of the store; the tables of later releases are not touched. Have the disk checked." "请删除 `revisions/` 下的该目录，或从仓库备份中恢复；以后批次的变动表不受影响。请检查磁盘。";
}
