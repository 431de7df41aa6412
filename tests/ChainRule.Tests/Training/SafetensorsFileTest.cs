using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using ChainRule.Training;

namespace ChainRule.Tests.Training;

public class SafetensorsFileTest
{
    static byte[] Bytes(string header, params byte[] data) => Bytes(Encoding.UTF8.GetBytes(header), data);

    static byte[] Bytes(byte[] header, byte[] data)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }

    static SafetensorsFile Parse(byte[] bytes) => SafetensorsFile.Parse(new MemoryStream(bytes), "m");

    static string Refusal(byte[] bytes)
    {
        string message = Assert.Throws<InvalidDataException>(() => Parse(bytes)).Message;
        Assert.StartsWith("safetensors 'm': ", message, StringComparison.Ordinal);
        return message["safetensors 'm': ".Length..];
    }

    // Written by hand from the format's description: names out of order, padding, a scalar, an empty tensor,
    // and the half-size types.
    static readonly byte[] s_golden = Bytes(
        """
        {"s":{"dtype":"F64","shape":[],"data_offsets":[8,16]},"h":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]},
         "__metadata__":{"format":"pt"},"e":{"dtype":"F32","shape":[0,3],"data_offsets":[16,16]},
         "b":{"data_offsets":[16,22],"dtype":"BF16","shape":[3]},
         "i":{"dtype":"I64","shape":[1],"data_offsets":[22,30]}}   
        """,
        [
            0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0xff, 0x7b, // 1, −2, the smallest and the largest half
            0, 0, 0, 0, 0, 0, 0xf8, 0x3f, // 1.5
            0x80, 0x3f, 0x49, 0x40, 0x80, 0xff, // 1, 3.140625, −∞
            5, 0, 0, 0, 0, 0, 0, 0,
        ]);

    [Fact]
    public void A_golden_file_is_read()
    {
        var file = Parse(s_golden);
        Assert.Equal(["h", "s", "e", "b", "i"], file.Names);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal([1, -2, 5.9604645e-8f, 65504], file.Tensor("h").ToArray<float>());
        Assert.Equal(1.5, file.Tensor("s").Item());
        Assert.Equal(DType.Float64, file.Tensor("s").DType);
        Assert.Equal([0, 3], file.Tensor("e").Shape.Span.ToArray());
        Assert.Equal([1, 3.140625f, float.NegativeInfinity], file.Tensor("b").ToArray<float>());
        Assert.Equal([5, 0, 0, 0, 0, 0, 0, 0], file.Bytes("i"));
        Assert.Equal((5, DType.Float64), (file.Tensor("i").Item(), file.Tensor("i").DType));
        Assert.Equal("tensor 'x': safetensors 'm' has no such entry: it has h, s, e, b, i",
            Assert.ThrowsAny<ArgumentException>(() => file.Tensor("x")).Message);
    }

    [Fact]
    public void A_file_of_nothing_is_sound()
    {
        Assert.Empty(Parse(Bytes("{}")).Names);
        Assert.Empty(Parse(Bytes("""{"__metadata__":{}}   """)).Metadata);
    }

    static string One(string entry) => $$"""{"a":{{entry}}}""";

    public static TheoryData<string, int, string> Broken => new()
    {
        { "", 0, "its header does not begin with '{'" },
        { " {}", 0, "its header does not begin with '{'" },
        { "[]", 0, "its header does not begin with '{'" },
        { "{\"a\"", 0, "its header is no JSON from byte 4 of its line 1 on" },
        { "{}x", 0, "its header is no JSON from byte 2 of its line 1 on" },
        { "{\"\\ud800\":{}}", 0, "its header holds half of a surrogate pair, which is no text" },
        { One("1"), 0, "tensor 'a' is Number, not an object" },
        { One("{}"), 0, "tensor 'a' has no dtype that is a string" },
        { One("""{"dtype":5,"shape":[],"data_offsets":[0,4]}"""), 4, "tensor 'a' has no dtype that is a string" },
        { One("""{"dtype":"F12","shape":[],"data_offsets":[0,4]}"""), 4,
            "tensor 'a' says dtype 'F12', which is not known" },
        { One("""{"dtype":"F32","data_offsets":[0,4]}"""), 4, "the shape of tensor 'a' is no list of integers" },
        { One("""{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}"""), 4,
            "the shape of tensor 'a' holds -1, which is no integer from 0 to 9223372036854775807" },
        { One("""{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}"""), 4,
            "the shape of tensor 'a' holds 1.5, which is no integer from 0 to 9223372036854775807" },
        { One("""{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}"""), 4,
            "the shape of tensor 'a' holds \"1\", which is no integer from 0 to 9223372036854775807" },
        { One("""{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}"""), 4,
            "data_offsets of tensor 'a' holds 99999999999999999999, which is no integer from 0 to "
            + "9223372036854775807" },
        { One("""{"dtype":"F32","shape":[1]}"""), 4, "data_offsets of tensor 'a' is no list of integers" },
        { One("""{"dtype":"F32","shape":[1],"data_offsets":[0]}"""), 4,
            "data_offsets of tensor 'a' are 1 numbers, not 2" },
        { One("""{"dtype":"F32","shape":[1],"data_offsets":[4,0]}"""), 4,
            "tensor 'a' says data_offsets [4, 0], which end before they begin" },
        { One("""{"dtype":"F32","shape":[1073741824,1073741824],"data_offsets":[0,4]}"""), 4,
            "tensor 'a' says shape [1073741824, 1073741824], more than the 2,147,483,591 numbers that can be held" },
        { One("""{"dtype":"F32","shape":[4611686018427387905,4],"data_offsets":[0,4]}"""), 4,
            "tensor 'a' says shape [4611686018427387905, 4], more than the 2,147,483,591 numbers that can be held" },
        { One("""{"dtype":"F64","shape":[2000000000],"data_offsets":[0,16000000000]}"""), 4,
            "tensor 'a' takes 16,000,000,000 bytes, and at most 2,147,483,591 can be held" },
        { One("""{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}"""), 4,
            "tensor 'a' says 17 axes, and at most 16 can be held" },
        { One("""{"dtype":"F32","shape":[3,4],"data_offsets":[0,40]}"""), 40,
            "tensor 'a' says F32 [3, 4], which takes 48 bytes, and data_offsets [0, 40], which are 40" },
        { One("""{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"""), 4,
            "tensor 'a' says data_offsets [0, 8], and 4 bytes of data are there" },
        { One("""{"dtype":"F32","shape":[500000000],"data_offsets":[0,2000000000]}"""), 4,
            "tensor 'a' says data_offsets [0, 2000000000], and 4 bytes of data are there" },
        { One("""{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"""), 8,
            "tensor 'a' says data_offsets [4, 8], and the header ends at 0: nothing fills the hole between" },
        { """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"""
            + """ "b":{"dtype":"U8","shape":[4],"data_offsets":[3,7]}}""", 7,
            "tensor 'b' says data_offsets [3, 7], and tensor 'a' ends at 4: the two overlap" },
        { """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"""
            + """ "b":{"dtype":"U8","shape":[4],"data_offsets":[5,9]}}""", 9,
            "tensor 'b' says data_offsets [5, 9], and tensor 'a' ends at 4: nothing fills the hole between" },
        { """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 6,
            "tensor 'a' ends at 4, and 2 bytes follow that belong to nothing" },
        { "{}", 6, "the header ends at 0, and 6 bytes follow that belong to nothing" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"""
            + """ "a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2,
            "its header names 'a' twice" },
        { One("""{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}"""), 1,
            "tensor 'a' names 'dtype' twice" },
        { """{"__metadata__":{"a":"1","a":"2"}}""", 0, "'__metadata__' names 'a' twice" },
        { """{"__metadata__":{"a":1}}""", 0, "metadata 'a' is Number, not a string" },
        { """{"__metadata__":[]}""", 0, "'__metadata__' is Array, not an object" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_header_that_breaks_a_rule_is_refused_by_that_rule(string header, int data, string says) =>
        Assert.Equal($"{says}: write or fetch the file again", Refusal(Bytes(header, new byte[data])));

    [Fact]
    public void A_header_that_is_no_utf8_is_refused() =>
        Assert.Equal("its header is no UTF-8: write or fetch the file again",
            Refusal(Bytes([(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)'}'], [])));

    [Fact]
    public void A_header_length_that_lies_takes_no_memory()
    {
        (byte[] Bytes, string Says)[] wrong =
        [
            ([], "it is 0 bytes long, and the header's length alone takes 8: write or fetch it again"),
            ([1, 2, 3, 4, 5, 6, 7],
                "it is 7 bytes long, and the header's length alone takes 8: write or fetch it again"),
            ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7b],
                "it says that its header takes 18,446,744,073,709,551,615 bytes, more than the 100,000,000 allowed: "
                    + "give a safetensors file"),
            ([0x01, 0xe1, 0xf5, 0x05, 0, 0, 0, 0, 0x7b],
                "it says that its header takes 100,000,001 bytes, more than the 100,000,000 allowed: give a "
                    + "safetensors file"),
            ([0x00, 0xe1, 0xf5, 0x05, 0, 0, 0, 0, 0x7b],
                "it says that its header takes 100,000,000 bytes, and 1 follow: write or fetch it again"),
            ([3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d],
                "it says that its header takes 3 bytes, and 2 follow: write or fetch it again"),
        ];
        foreach (var (bytes, says) in wrong)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(says, Refusal(bytes));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
        }
    }

    [Fact]
    public void A_header_that_claims_gigabytes_takes_no_memory()
    {
        byte[] bytes = Bytes(One("""{"dtype":"U8","shape":[2000000000],"data_offsets":[0,2000000000]}"""), 1, 2, 3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_hostile_name_is_not_repeated_at_length()
    {
        string name = new('x', 1_000_000);
        Assert.InRange(Refusal(Bytes($$$"""{"{{{name}}}":{"dtype":"{{{name}}}"}}""")).Length, 10, 300);
        Assert.InRange(Refusal(Bytes($$$"""{"{{{name}}}":{"dtype":"U8","shape":[{{{new string('9', 1_000_000)}}}]}}"""))
            .Length, 10, 300);
        Assert.Contains("no JSON", Refusal(Bytes(string.Concat(Enumerable.Repeat("{\"a\":", 100_000)))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void However_a_file_is_damaged_it_is_read_or_refused_and_takes_little_memory()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        int reads = s_golden.Length;
        for (int length = 0; length < s_golden.Length; length++)
            Assert.Throws<InvalidDataException>(() => Parse(s_golden[..length]));
        int headerEnd = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(s_golden), refused = 0;
        for (int at = 0; at < s_golden.Length; at++)
        {
            for (int change = 1; change < 256; change = change < 128 ? 2 * change : change + 31)
            {
                byte[] damaged = [.. s_golden];
                damaged[at] ^= (byte)change;
                bool read = ReadAll(damaged);
                reads++;
                if (at >= headerEnd) Assert.True(read);
                refused += read ? 0 : 1;
            }
        }
        Assert.True(refused > headerEnd, $"{refused} refused of a header of {headerEnd} bytes");

        var random = new Random(20);
        for (int round = 0; round < 3000; round++, reads++)
        {
            var damaged = new List<byte>(s_golden);
            for (int edits = random.Next(1, 6); edits > 0; edits--)
            {
                int at = random.Next(damaged.Count);
                switch (random.Next(3))
                {
                    case 0: damaged.RemoveAt(at); break;
                    case 1: damaged.Insert(at, (byte)random.Next(256)); break;
                    default: damaged[at] = (byte)"0123456789{}[]\",:"[random.Next(17)]; break;
                }
            }
            ReadAll([.. damaged]);
        }
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / reads, 0, 20 * s_golden.Length);

        static bool ReadAll(byte[] bytes)
        {
            try
            {
                var file = Parse(bytes);
                foreach (string name in file.Names)
                {
                    if (file.DTypeOf(name) is "F32" or "F64" or "F16" or "BF16")
                        Assert.Equal(file.ShapeOf(name), file.Tensor(name).Shape);
                    else Assert.NotNull(file.Bytes(name));
                }
                return true;
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("safetensors 'm': ", e.Message, StringComparison.Ordinal);
                return false;
            }
        }
    }
}
