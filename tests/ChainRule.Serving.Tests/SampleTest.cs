using System.Net;
using System.Net.Http.Json;
using ChainRule.Images;
using ChainRule.Randomness;
using ChainRule.Tests;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tables;
using ChainRule.Zoo.Tasks;
using global::Serving;

namespace ChainRule.Serving.Tests;

/// <summary>samples/Serving, asked over HTTP.</summary>
public sealed class SampleTest
{
    [Fact]
    public async Task Images_are_classified_and_what_is_none_is_refused_by_a_sentence()
    {
        using var folder = new TemporaryFolder();
        foreach (byte shade in (byte[])[30, 220])
        {
            Directory.CreateDirectory(folder.PathOf($"data/{shade}"));
            for (int i = 0; i < 8; i++)
                ImageFiles.Write(folder.PathOf($"data/{shade}/{i}.png"), new Pixels(12, 12, 1,
                    [.. Enumerable.Range(0, 144).Select(at => (byte)(shade + (at + i) % 9))]));
        }
        ImageFiles.Install();
        var config = RunConfig.For(TaskKind.Images, "mlp");
        Train(folder, config with { Data = folder.PathOf("data"), Steps = 20,
            Training = config.Training with { BatchSize = 8 } });
        await using var service = await Started(folder);
        using var client = Client(service);
        var model = ImageModel.Load(folder.PathOf("run"));
        await Task.WhenAll(Directory.GetFiles(folder.PathOf("data"), "*.png", SearchOption.AllDirectories).Select(
            async file =>
            {
                using var picture = new ByteArrayContent(await File.ReadAllBytesAsync(file));
                var answer = await client.PostAsync(new Uri("predict", UriKind.Relative), picture);
                var found = await answer.Content.ReadFromJsonAsync<Classified>();
                var expected = model.Predict(file);
                Assert.Equal((expected.Class, expected.Probability), (found!.Class, found.Probability));
            }));
        // Refused by its length, before it is sent.
        using var large = new HttpRequestMessage(HttpMethod.Post, new Uri("predict", UriKind.Relative))
            { Content = new ByteArrayContent(new byte[32 << 20]), Headers = { ExpectContinue = true } };
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.SendAsync(large)).StatusCode);
        using var none = new StringContent("no picture");
        var refused = await client.PostAsync(new Uri("predict", UriKind.Relative), none);
        Assert.Equal((HttpStatusCode.BadRequest,
            "image stream: the file is neither PNG nor JPEG: give a PNG or a JPEG file"),
            (refused.StatusCode, await refused.Content.ReadAsStringAsync()));
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("health", UriKind.Relative)));
    }

    [Theory]
    [InlineData("gpt")]
    [InlineData("gru")]
    public async Task A_text_is_continued_as_the_model_continues_it(string model)
    {
        using var folder = new TemporaryFolder();
        folder.Write("text.txt", string.Concat(Enumerable.Repeat("the cat sat on the mat\n", 60)));
        var config = RunConfig.For(TaskKind.Text, model);
        Train(folder, config with { Data = folder.PathOf("text.txt"), Steps = 3 });
        await using var service = await Started(folder);
        using var client = Client(service);
        var saved = SavedLanguageModel.Load(folder.PathOf("run"));
        string expected = string.Concat(saved.Model.Generate(saved.Vocabulary, new TorchRandom(7),
            prefix: "the cat").Take(50));
        var asked = Enumerable.Range(0, 6).Select(async _ =>
        {
            var answer = await client.PostAsJsonAsync(new Uri("generate", UriKind.Relative),
                new Prompt("the cat", 50, 7));
            return await answer.Content.ReadAsStringAsync();
        });
        Assert.All(await Task.WhenAll(asked), text => Assert.Equal(expected, text));
        using var broken = new StringContent("{\"length\": ", null, "application/json");
        var unread = await client.PostAsync(new Uri("generate", UriKind.Relative), broken);
        Assert.Equal(HttpStatusCode.BadRequest, unread.StatusCode);
        Assert.Contains("JSON", await unread.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var begun = await client.PostAsJsonAsync(new Uri("generate", UriKind.Relative), new Prompt(null, 5));
        Assert.Equal(5, (await begun.Content.ReadAsStringAsync()).Length);
        var refused = await client.PostAsJsonAsync(new Uri("generate", UriKind.Relative), new Prompt("X", 5));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.StartsWith("encode: 'X' (U+0058) at place 0 is none o",
            await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_of_a_table_is_predicted_by_its_columns()
    {
        using var folder = new TemporaryFolder();
        folder.Write("t.csv", "size,garden,price\n" + string.Concat(Enumerable.Range(1, 40).Select(i =>
            $"{i},{(i % 3 == 0 ? "yes" : "no")},{3 * i}\n")));
        var config = RunConfig.For(TaskKind.Table, "mlp");
        Train(folder, config with { Data = folder.PathOf("t.csv"), Steps = 5,
            Options = ((TableOptions)config.Options) with { Target = "price" } });
        await using var service = await Started(folder);
        using var client = Client(service);
        var expected = TableModel.Load(folder.PathOf("run")).Predict(new { size = 17.0, garden = "yes" });
        var answer = await client.PostAsJsonAsync(new Uri("predict", UriKind.Relative),
            new { size = 17, garden = "yes" });
        Assert.Equal(expected.Value, (await answer.Content.ReadFromJsonAsync<TablePrediction>())!.Value);
        var refused = await client.PostAsJsonAsync(new Uri("predict", UriKind.Relative), new { size = 17 });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("garden", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_another_kind_is_refused()
    {
        using var folder = new TemporaryFolder();
        Train(folder, RunConfig.For(TaskKind.Sequences, "rnn") with { Steps = 1 });
        Assert.EndsWith(" is a run on sequences: give one on images, a table, a text or names",
            Assert.Throws<ArgumentException>(() => Service.Build(folder.PathOf("run"), [])).Message,
            StringComparison.Ordinal);
    }

    static void Train(TemporaryFolder folder, RunConfig config)
    {
        var run = TrainingRun.Start(folder.PathOf("run"), config);
        run.Train();
        run.Finish();
    }

    static async Task<Microsoft.AspNetCore.Builder.WebApplication> Started(TemporaryFolder folder)
    {
        var service = Service.Build(folder.PathOf("run"), ["--urls", "http://127.0.0.1:0"]);
        await service.StartAsync();
        return service;
    }

    static HttpClient Client(Microsoft.AspNetCore.Builder.WebApplication service) =>
        new() { BaseAddress = new(service.Urls.First()) };
}
