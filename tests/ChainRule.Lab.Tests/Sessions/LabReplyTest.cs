using System.Text.Json;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Tests.Sessions;

public sealed class LabReplyTest
{
    [Fact]
    public void Arrays_stand_behind_the_json_each_at_a_multiple_of_eight()
    {
        var reply = new LabReply();
        var first = reply.Add([1f, 2f, 3f]);
        var second = reply.Add([4d]);
        byte[] bytes = reply.ToBytes(new OpenAnswer("a", "b"), LabJson.Default.OpenAnswer);
        Assert.Equal(new(0, 3, "float32"), first);
        Assert.Equal(new(16, 1, "float64"), second);
        var (json, start) = LabReply.Read(bytes);
        Assert.Equal(0, start % 8);
        Assert.Equal("a", JsonSerializer.Deserialize(json.Span, LabJson.Default.OpenAnswer)!.Session);
        Assert.Equal(3f, BitConverter.ToSingle(bytes, start + 8));
        Assert.Equal(4d, BitConverter.ToDouble(bytes, start + 16));
        Assert.Equal(start + 24, bytes.Length);
    }

    [Fact]
    public void A_refusal_is_one_line()
    {
        var (json, _) = LabReply.Read(LabReply.Refused("two\nlines"));
        Assert.Equal("two\\nlines", JsonSerializer.Deserialize(json.Span, LabJson.Default.RefusedAnswer)!.Refused);
    }
}
