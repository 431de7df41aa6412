using System.Diagnostics;
using System.Globalization;
using ChainRule.Lab.Tests.Images;
using ChainRule.Lab.Tests.Runs;
using ChainRule.Zoo.Images;
using ChainRule.Zoo.Runs;
using ChainRule.Zoo.Tasks;
using Microsoft.Playwright;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>Classifiers of images in a real browser.</summary>
public sealed class ImagesPageTest(LabBrowser lab) : IClassFixture<LabBrowser>
{
    const string Answered = "tr[data-probability]";

    [LabFact]
    public async Task A_digit_is_drawn_and_every_number_is_followed_to_where_it_comes_from()
    {
        using var runs = new RunFixture(lab.Runs);
        SmallImageRun.TrainDigits(runs.PathOf("digits"), 150);
        var (page, said) = await lab.Open(hash: "#/images/{\"run\":\"digits\"}", ready: Answered);
        // A stroke, from the top to the bottom: the probabilities follow while it is made.
        var board = (await page.Locator(".paper canvas").BoundingBoxAsync())!;
        string blank = await Probabilities(page);
        await page.Mouse.MoveAsync(board.X + board.Width / 2, board.Y + board.Height / 6);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(board.X + board.Width / 2, board.Y + board.Height * 5 / 6, new() { Steps = 12 });
        await page.WaitForFunctionAsync($"old => {Said} !== old", blank);
        Assert.DoesNotContain("drawing", page.Url, StringComparison.Ordinal);
        await page.Mouse.UpAsync();
        await page.WaitForFunctionAsync("() => location.hash.includes('drawing')");
        // As in C#: the model that is saved, and the picture of the board.
        byte[] drawn = await Drawn(page);
        Assert.Contains((byte)255, drawn);
        float[] expected = Expected(runs.PathOf("digits"), drawn);
        await page.WaitForFunctionAsync(AreThese, Text(expected));
        await page.WaitForSelectorAsync("[data-map=Saliency] canvas[data-most]");
        await page.WaitForSelectorAsync("[data-map=Occlusion] canvas[data-most]");
        await page.WaitForSelectorAsync("[data-filters='6'] canvas");
        await LabBrowser.Shot(page, "images");

        // One number of the second convolution, over six channels, and back to what it read.
        int layer = await page.EvaluateAsync<int>("() => Number([...document.querySelectorAll('.layer')].find(one => "
            + "one.getAttribute('aria-label') === 'features.3').dataset.layer)");
        await page.Locator("section[aria-label='features.3'] > .maps canvas").ClickAsync(new()
            { Position = new() { X = 31, Y = 29 } });
        await page.WaitForSelectorAsync(".zoom[data-value]");
        double value = await Number(".zoom", "value"), sum = await Number(".zoom", "sum");
        double products = await Number(".zoom .part", "products");
        Assert.Equal(sum, products, 1e-9 * Math.Max(1, Math.Abs(sum)));
        Assert.Equal(value, sum, 1e-5 * Math.Max(1, Math.Abs(value)));
        await LabBrowser.Shot(page, "images-number");
        await page.ClickAsync(".zoom .matrix button");
        await page.WaitForFunctionAsync("before => { const zoom = document.querySelector('.zoom'); return zoom && "
            + "Number(zoom.closest('.layer').dataset.layer) < before; }", layer);
        await page.GoBackAsync();
        await page.WaitForFunctionAsync(
            "at => Number(document.querySelector('.zoom')?.closest('.layer').dataset.layer) === at", layer);

        // Where a probability comes from.
        await page.ClickAsync("tr[data-class='1'] .bar button");
        await page.WaitForSelectorAsync(".why output[data-exact]");
        Assert.Equal(expected[1], await Number(".why output", "exact"), 1e-6);
        await page.SelectOptionAsync("select[name=label]", "3");
        await page.WaitForSelectorAsync("[data-map=Saliency][data-class='3']");
        await page.WaitForSelectorAsync("[data-map=Occlusion][data-class='3']");

        // Undone, and gone back to.
        await page.ClickAsync("button:has-text('Undo stroke')");
        await page.WaitForFunctionAsync($"old => {Said} === old", blank);
        await page.GoBackAsync();
        await page.WaitForFunctionAsync($"old => {Said} !== old", blank);
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));

        async Task<double> Number(string selector, string name) => double.Parse(
            (await page.Locator(selector).First.GetAttributeAsync("data-" + name))!, CultureInfo.InvariantCulture);
    }

    [LabFact]
    public async Task By_keyboard_by_file_and_by_example()
    {
        using var runs = new RunFixture(lab.Runs);
        using var small = new SmallImageRun();
        small.Train(runs.PathOf("colour"), "resnet", new(Channels: 3));
        var (page, said) = await lab.Open(hash: "#/images/{\"run\":\"colour\"}", ready: Answered);
        await page.FocusAsync(".paper canvas");
        foreach (string key in (string[])["Space", "Shift+ArrowDown", "Shift+ArrowDown", "ArrowRight"])
            await page.Keyboard.PressAsync(key);
        await page.WaitForFunctionAsync("() => document.querySelector('.paper canvas').ariaLabel.includes("
            + "'at column 8, row 9')");
        byte[] drawn = await Drawn(page, 3);
        Assert.Equal(255, drawn[(7 * 12 + 6) * 3]);
        Assert.Equal(0, drawn[0]);
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("Delete");
        await page.ClickAsync("button:has-text('Clear')");
        Assert.All(await Drawn(page, 3), x => Assert.Equal(0, x));
        Assert.True(await page.IsDisabledAsync("button:has-text('Clear')"));

        // A picture of 24 × 24, red in its left half: the mean of areas of 2 × 2, and the answer is that of the model.
        await page.SetInputFilesAsync("input[name=file]", new FilePayload { Name = "red.png", MimeType = "image/png",
            Buffer = Convert.FromBase64String(await page.EvaluateAsync<string>("() => { const canvas = Object.assign("
                + "document.createElement('canvas'), { width: 24, height: 24 }); const context = canvas.getContext("
                + "'2d'); context.fillRect(0, 0, 24, 24); context.fillStyle = '#f00'; context.fillRect(0, 0, 13, 24); "
                + "return canvas.toDataURL().split(',')[1]; }")) });
        await page.WaitForFunctionAsync("() => location.hash.includes('drawing')");
        drawn = await Drawn(page, 3);
        Assert.Equal([255, 0, 0, 128, 0, 0, 0, 0, 0], drawn[(5 * 3)..(8 * 3)]);
        float[] expected = Expected(runs.PathOf("colour"), drawn, 3);
        await page.WaitForFunctionAsync(AreThese, Text(expected));
        await page.SetInputFilesAsync("input[name=file]", new FilePayload { Name = "no.png", MimeType = "image/png",
            Buffer = [1, 2, 3] });
        await page.WaitForSelectorAsync(
            ".fault:text-is('This file is no picture that the browser can read: give a PNG or a JPEG file.')");
        await page.ClickAsync(".examples button >> nth=1");
        await page.WaitForFunctionAsync("() => !document.querySelector('.images .fault')");
        Assert.NotEqual(drawn, await Drawn(page, 3));

        // A map by keyboard: to the right, down, the next channel, and taken apart.
        await page.FocusAsync("section[aria-label='features.0'] > .maps canvas");
        foreach (string key in (string[])["ArrowRight", "ArrowDown", "ArrowDown", "PageDown", "Enter"])
            await page.Keyboard.PressAsync(key);
        await page.WaitForSelectorAsync(".zoom h2:has-text('channel 2, row 3, column 2')");
        string address = page.Url;
        await page.ReloadAsync();
        await page.WaitForSelectorAsync(".zoom h2:has-text('channel 2, row 3, column 2')");
        Assert.Equal(address, page.Url);
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [LabFact]
    public async Task It_can_be_read_in_the_dark_and_on_a_phone()
    {
        using var runs = new RunFixture(lab.Runs);
        SmallImageRun.TrainDigits(runs.PathOf("phone"), 30);
        var (page, _) = await lab.Open(360, ColorScheme.Dark,
            "#/images/{\"run\":\"phone\",\"at\":[1,2,9,9]}", ".zoom[data-value]");
        await page.ClickAsync(".examples button >> nth=3");
        await page.WaitForSelectorAsync("[data-map=Occlusion] canvas[data-most]");
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"));
        await LabBrowser.Shot(page, "images-dark-360");
    }

    // It prints how long an answer takes; how fast this machine is, no test asks.
    [LabFact]
    public async Task While_one_draws_the_usual_network_answers()
    {
        using var runs = new RunFixture(lab.Runs);
        var config = RunConfig.For(TaskKind.Images, "cnn");
        var run = TrainingRun.Start(runs.PathOf("usual"), config with { Steps = 1,
            Options = new ImageOptions(PerClass: 10) });
        run.Train();
        run.Finish();
        var (page, _) = await lab.Open(hash: "#/images/{\"run\":\"usual\"}", ready: Answered);
        await page.WaitForSelectorAsync("[data-map=Occlusion] canvas[data-most]");
        var board = (await page.Locator(".paper canvas").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(board.X + 50, board.Y + 50);
        await page.Mouse.DownAsync();
        List<double> times = [];
        for (int i = 0; i < 25; i++)
        {
            string before = await Probabilities(page);
            var watch = Stopwatch.StartNew();
            await page.Mouse.MoveAsync(board.X + 50 + 7 * i, board.Y + 60 + 5 * i);
            await page.WaitForFunctionAsync($"old => {Said} !== old", before);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        await page.Mouse.UpAsync();
        times.Sort();
        string? answered = await page.GetAttributeAsync("[data-milliseconds]", "data-milliseconds");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"images: the usual cnn, 28 × 28, from a move of "
            + $"the pen until its probabilities are seen: median {times[12]:0} ms, 9 of 10 in {times[22]:0} ms; the "
            + $"last was asked and answered in {answered} ms"));
        Assert.Equal(25, times.Count);
    }

    const string Said = "[...document.querySelectorAll('tr[data-probability]')].map(row => row.dataset.probability)"
        + ".join(' ')";

    const string AreThese = "want => [...document.querySelectorAll('tr[data-probability]')].every((row, i) => "
        + "Number(row.dataset.probability) === Number(want.split(' ')[i]))";

    static string Text(float[] numbers) =>
        string.Join(' ', numbers.Select(x => ((double)x).ToString("R", CultureInfo.InvariantCulture)));

    static async Task<string> Probabilities(IPage page) => await page.EvaluateAsync<string>($"() => {Said}");

    /// <summary>The picture on the board.</summary>
    static async Task<byte[]> Drawn(IPage page, int channels = 1) =>
        [.. (await page.EvaluateAsync<int[]>("channels => { const canvas = document.querySelector('.paper canvas'); "
            + "return [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
            + ".filter((_, i) => i % 4 < channels); }", channels)).Select(x => (byte)x)];

    static float[] Expected(string folder, byte[] drawn, int channels = 1)
    {
        var saved = SavedModel.Load(folder);
        var encoding = (ImageEncoding)saved.Preprocessing;
        using var quiet = NoGrad.Begin();
        return encoding.Probabilities(saved.Model.Forward(encoding.Encode(new(encoding.Size, encoding.Size, channels,
            drawn)))).ToArray<float>();
    }
}
