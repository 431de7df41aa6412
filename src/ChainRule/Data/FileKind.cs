namespace ChainRule.Data;

/// <summary>
/// What a file is that is not what was asked for: told from its first bytes, with what would make it readable.
/// </summary>
static class FileKind
{
    // The first bytes, what they begin, and the cure. Longer beginnings stand before shorter ones.
    static readonly (byte[] Start, string Says)[] s_kinds =
    [
        ([0x1f, 0x8b], "is compressed by gzip: unpack it with gunzip"),
        ([.. "PK\x03\x04"u8], "is a zip archive, as Excel workbooks (.xlsx), NumPy's .npz and PyTorch's .pt are: "
            + "unpack it, or save what is in it as text or safetensors"),
        ([.. "BZh91AY"u8], "is compressed by bzip2: unpack it with bunzip2"),
        ([0xfd, .. "7zXZ"u8], "is compressed by xz: unpack it with unxz"),
        ([0x28, 0xb5, 0x2f, 0xfd], "is compressed by zstd: unpack it with unzstd"),
        ([.. "7z"u8, 0xbc, 0xaf], "is a 7z archive: unpack it"),
        ([.. "Rar!"u8], "is a RAR archive: unpack it"),
        ([0xd0, 0xcf, 0x11, 0xe0], "is an old Excel workbook (.xls): save the sheet as CSV"),
        ([.. "PAR1"u8], "is a Parquet file: convert it to CSV, such as with pandas: read_parquet, then to_csv; "
            + "or read it from C# with the package ChainRule.Tables"),
        ([.. "ARROW1"u8], "is an Arrow file: convert it to CSV, such as with pandas: read_feather, then to_csv; "
            + "or read it from C# with the package ChainRule.Tables"),
        ([0x89, .. "HDF"u8], "is an HDF5 file: convert its content first"),
        ([0x93, .. "NUMPY"u8], "is a NumPy array (.npy): save it with numpy.savetxt"),
        ([.. "SQLite format 3"u8], "is an SQLite database: export the table as CSV"),
        ([.. "%PDF"u8], "is a PDF document: save its table or text as plain text"),
        ([0x89, .. "PNG"u8], "is a PNG picture"),
        ([0xff, 0xd8, 0xff], "is a JPEG picture"),
        ([.. "GIF8"u8], "is a GIF picture"),
        ([0x7f, .. "ELF"u8], "is a program"),
        ([0x80, 0x02], "is a Python pickle: save its content as text or safetensors in Python"),
        ([0x80, 0x03], "is a Python pickle: save its content as text or safetensors in Python"),
        ([0x80, 0x04], "is a Python pickle: save its content as text or safetensors in Python"),
        ([0x80, 0x05], "is a Python pickle: save its content as text or safetensors in Python"),
        ([.. "version https://git-lfs"u8],
            "is a pointer that Git LFS left in place of the file: fetch the file with git lfs pull"),
        ([.. "{\\rtf"u8], "is an RTF document: save it as plain text"),
    ];

    static readonly string[] s_pages = ["<!doctype html", "<html", "<?xml"];

    /// <summary>
    /// The rest of a sentence about a file that begins so: <c>is a PDF document: save …</c>; null where the
    /// bytes tell nothing.
    /// </summary>
    public static string? Of(ReadOnlySpan<byte> start)
    {
        foreach (var (known, says) in s_kinds) if (start.StartsWith(known)) return says;
        string text = System.Text.Encoding.Latin1.GetString(start[..Math.Min(start.Length, 200)]).TrimStart('\u00ef',
            '\u00bb', '\u00bf', ' ', '\t', '\r', '\n');
        foreach (string page in s_pages)
        {
            if (!text.StartsWith(page, StringComparison.OrdinalIgnoreCase)) continue;
            return page == "<?xml" ? "is an XML document: save its content as plain text"
                : "is an HTML page, as a browser saves one in place of the data: download the file itself (on GitHub: "
                    + "Raw)";
        }
        return null;
    }
}
