using ChainRule.Tests;
using ChainRule.Zoo.Runs;

namespace ChainRule.Zoo.Tests.Runs;

public sealed class ConfigFileTest : IDisposable
{
    const string Wanted = "give a file of JSON such as --print-config writes";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_settings_are_read_in_order_and_comments_and_a_last_comma_may_stand_in_it()
    {
        var file = ConfigFile.Read(_folder.Write("my config.json",
            "\ufeff{\n  // wider\n  \"width\": 64,\n  \"model\": \"gpt\", /* and */ }\n"));
        Assert.Equal(["width", "model"], file.Settings.Select(setting => setting.Key));
        Assert.Equal(64, file.Settings[0].Value.GetInt32());
        Assert.Empty(ConfigFile.Read(_folder.Write("empty.json", "{}")).Settings);
    }

    [Fact]
    public void The_record_of_a_run_is_no_file_of_settings_and_the_way_to_one_is_said()
    {
        string path = _folder.Write("run.json", "{\"model\": \"mlp\", \"dataSha256\": \"ab\"}");
        Assert.Equal($"config {path}: this is what a run keeps of itself, and no file of settings: "
            + $"{Shell.Tool} train … --resume DIR --print-config prints them as one",
            Assert.Throws<InvalidDataException>(() => ConfigFile.Read(path)).Message);
    }

    [Theory]
    [InlineData("", "this is no JSON (line 1)")]
    [InlineData("{", "this is no JSON (line 1)")]
    [InlineData("{\n\"width\": 64\n\"hidden\": 5}", "this is no JSON (line 3)")]
    [InlineData("width = 64", "this is no JSON (line 1)")]
    [InlineData("[1]", "this is JSON, but no object of settings")]
    [InlineData("null", "this is JSON, but no object of settings")]
    [InlineData("\"width\"", "this is JSON, but no object of settings")]
    public void What_is_no_object_of_JSON_is_one_sentence(string text, string why)
    {
        string path = _folder.Write("c.json", text);
        Assert.Equal($"config {path}: {why}: {Wanted}",
            Assert.Throws<InvalidDataException>(() => ConfigFile.Read(path)).Message);
    }

    [Fact]
    public void A_setting_is_given_once()
    {
        string path = _folder.Write("c.json", "{\"learningRate\": 1, \"learning-rate\": 2}");
        Assert.Equal($"config {path}: 'learningRate' is given twice: give it once",
            Assert.Throws<InvalidDataException>(() => ConfigFile.Read(path)).Message);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_one_sentence()
    {
        Assert.Equal($"config {_folder.PathOf("gone.json")}: there is no such file: {Wanted}",
            Assert.Throws<FileNotFoundException>(() => ConfigFile.Read(_folder.PathOf("gone.json"))).Message);
        Assert.Equal($"config {_folder.Path}: this is a folder: {Wanted}",
            Assert.Throws<InvalidDataException>(() => ConfigFile.Read(_folder.Path)).Message);
        Assert.Equal($"config: '' is no path: {Wanted}",
            Assert.ThrowsAny<ArgumentException>(() => ConfigFile.Read("")).Message);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_one_sentence_too() =>
        Assert.Contains("this is no JSON",
            Assert.Throws<InvalidDataException>(() => ConfigFile.Read(_folder.Write("c.json", "{\"\\ud800\": 1}")))
                .Message, StringComparison.Ordinal);
}
