using System.Text;
using ChainRule.Data;

namespace ChainRule.Tests.Data;

public sealed class FileKindTest
{
    [Theory]
    [InlineData("\u001f\u008b", "is compressed by gzip")]
    [InlineData("PK\u0003\u0004", "is a zip archive")]
    [InlineData("PAR1", "is a Parquet file")]
    [InlineData("%PDF-1.7", "is a PDF document")]
    [InlineData("\u0089PNG\r\n", "is a PNG picture")]
    [InlineData("\u0093NUMPY", "is a NumPy array")]
    [InlineData("\u00ef\u00bb\u00bf  <!doctype HTML>", "is an HTML page")]
    [InlineData("\n<html lang='en'>", "is an HTML page")]
    [InlineData("<?xml version='1.0'?>", "is an XML document")]
    public void It_is_told_by_its_first_bytes(string start, string says) =>
        Assert.StartsWith(says, FileKind.Of(Encoding.Latin1.GetBytes(start)), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("a,b\n1,2\n")]
    [InlineData("PKW\n")]
    public void A_text_tells_nothing(string start) => Assert.Null(FileKind.Of(Encoding.Latin1.GetBytes(start)));
}
