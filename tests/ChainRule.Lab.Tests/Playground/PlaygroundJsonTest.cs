using System.Text.Json;
using ChainRule.Lab.Playground;

namespace ChainRule.Lab.Tests.Playground;

public sealed class PlaygroundJsonTest
{
    [Fact]
    public void What_is_not_said_is_the_default()
    {
        var settings = JsonSerializer.Deserialize("""{"seed":7}""", PlaygroundJson.Default.PlaygroundSettings)!;
        Assert.Equal(7, settings.Seed);
        Assert.Equal("tanh", settings.Activation);
        Assert.Equal([8, 8], settings.Hidden);
    }

    [Fact]
    public void Null_where_a_name_is_needed_is_refused() => Assert.Throws<JsonException>(() =>
        JsonSerializer.Deserialize("""{"data":null}""", PlaygroundJson.Default.PlaygroundSettings));
}
