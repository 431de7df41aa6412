using System.Buffers.Binary;
using System.Text;

namespace ChainRule.Lab.Runs;

/// <summary>
/// A table as Apache Parquet, in the plainest way that all its readers know: one row group, one page a column, PLAIN
/// and without compression; a column is DOUBLE where all of its values are numbers, and else UTF8. Every column is
/// optional.
/// Written here, because a library for it weighs more than the whole tool may grow by.
/// See https://github.com/apache/parquet-format.
/// </summary>
static class ParquetFile
{
    const int DoubleType = 5, BytesType = 6, Utf8 = 0, Optional = 1, Plain = 0, Rle = 3, DataPage = 0;

    static readonly byte[] s_magic = "PAR1"u8.ToArray();

    /// <summary>The bytes of the file.</summary>
    public static byte[] Of(ExportTable table)
    {
        using var file = new MemoryStream();
        file.Write(s_magic);
        List<Chunk> chunks = [];
        for (int i = 0; i < table.Columns.Count; i++)
        {
            bool isNumber = table.Rows.All(row => row[i].Text is null);
            byte[] page = Page(table.Rows, i, isNumber), head = Head(page.Length, table.Rows.Count);
            chunks.Add(new(table.Columns[i], isNumber, file.Position, head.Length + page.Length));
            file.Write(head);
            file.Write(page);
        }
        byte[] footer = Footer(chunks, table.Rows.Count);
        file.Write(footer);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        file.Write(length);
        file.Write(s_magic);
        return file.ToArray();
    }

    /// <summary>Which rows have a value, as runs of 0 and 1, and then the values one after another.</summary>
    static byte[] Page(IReadOnlyList<Cell[]> rows, int column, bool isNumber)
    {
        using var levels = new MemoryStream();
        for (int i = 0; i < rows.Count;)
        {
            bool isEmpty = rows[i][column].IsEmpty;
            int from = i;
            while (i < rows.Count && rows[i][column].IsEmpty == isEmpty) i++;
            ThriftWriter.Varint(levels, (ulong)(i - from) << 1);
            levels.WriteByte(isEmpty ? (byte)0 : (byte)1);
        }
        using var page = new MemoryStream();
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(number, (int)levels.Length);
        page.Write(number[..4]);
        levels.WriteTo(page);
        foreach (var row in rows)
        {
            if (row[column].IsEmpty) continue;
            if (isNumber)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(number, row[column].Number);
                page.Write(number);
                continue;
            }
            byte[] text = Encoding.UTF8.GetBytes(row[column].ToString());
            BinaryPrimitives.WriteInt32LittleEndian(number, text.Length);
            page.Write(number[..4]);
            page.Write(text);
        }
        return page.ToArray();
    }

    static byte[] Head(int length, int rows)
    {
        using var to = new ThriftWriter();
        to.Number(1, DataPage);
        to.Number(2, length);
        to.Number(3, length);
        to.Begin(5);
        to.Number(1, rows);
        to.Number(2, Plain);
        to.Number(3, Rle);
        to.Number(4, Rle);
        to.End();
        return to.ToBytes();
    }

    static byte[] Footer(List<Chunk> chunks, int rows)
    {
        using var to = new ThriftWriter();
        to.Number(1, 1);
        to.BeginList(2, chunks.Count + 1);
        to.BeginItem();
        to.Text(4, "runs");
        to.Number(5, chunks.Count);
        to.End();
        foreach (var chunk in chunks)
        {
            to.BeginItem();
            to.Number(1, chunk.Type);
            to.Number(3, Optional);
            to.Text(4, chunk.Name);
            if (!chunk.IsNumber) to.Number(6, Utf8);
            to.End();
        }
        to.Long(3, rows);
        to.BeginList(4, 1);
        to.BeginItem();
        to.BeginList(1, chunks.Count);
        foreach (var chunk in chunks)
        {
            to.BeginItem();
            to.Long(2, chunk.At);
            to.Begin(3);
            to.Number(1, chunk.Type);
            to.Numbers(2, [Plain, Rle]);
            to.Texts(3, [chunk.Name]);
            to.Number(4, 0);
            to.Long(5, rows);
            to.Long(6, chunk.Length);
            to.Long(7, chunk.Length);
            to.Long(9, chunk.At);
            to.End();
            to.End();
        }
        to.Long(2, chunks.Sum(chunk => (long)chunk.Length));
        to.Long(3, rows);
        to.End();
        to.Text(6, "ChainRule");
        return to.ToBytes();
    }

    readonly record struct Chunk(string Name, bool IsNumber, long At, int Length)
    {
        public int Type => IsNumber ? DoubleType : BytesType;
    }
}
