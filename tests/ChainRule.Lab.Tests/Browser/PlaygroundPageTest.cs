using System.Globalization;
using ChainRule.Lab.Playground;
using ChainRule.Lab.Tests.Playground;
using Microsoft.Playwright;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>The playground as a learner uses it, in a real browser.</summary>
public sealed class PlaygroundPageTest(LabBrowser lab) : IClassFixture<LabBrowser>
{
    [LabFact]
    public async Task Steps_are_made_and_the_losses_are_those_of_the_program_that_is_exported()
    {
        var (page, said) = await lab.Open();
        for (int i = 0; i < 4; i++)
        {
            await page.ClickAsync("text=One epoch");
            await page.WaitForSelectorAsync($".pane[data-step='{25 * (i + 1)}']");
        }
        var (train, test) = (await Exact(page, ".train"), await Exact(page, ".test"));
        await page.ClickAsync("text=Export programs");
        string program = await page.InnerTextAsync("pre >> nth=0");
        Assert.Equal((100, train, test), ExportedProgram.Run(program)[^1]);
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [LabFact]
    public async Task A_learner_comes_to_a_program_that_prints_the_losses_of_the_page()
    {
        var (page, said) = await lab.Open();
        await page.SelectOptionAsync("select[name=data]", "moons");
        await Types("noise", "0.4");
        await Types("hidden", "12, 6");
        await Types("batchSize", "32");
        await page.SelectOptionAsync("select[name=activation]", "relu");
        await page.WaitForFunctionAsync(
            "() => document.querySelector('.network canvas').ariaLabel.startsWith('Network 2-12-6-1')");
        List<(int Step, double Train, double Test)> seen = [];
        // An epoch is 8 steps, and so is what lies between two lines that the program prints.
        for (int step = 8; step <= 96; step += 8)
        {
            await page.ClickAsync("text=One epoch");
            await page.WaitForSelectorAsync($".pane[data-step='{step}']");
            seen.Add((step, await Exact(page, ".train"), await Exact(page, ".test")));
        }
        await page.ClickAsync("text=Export programs");
        var file = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("text=Save Program.cs"));
        Assert.Equal("Program.cs", file.SuggestedFilename);
        var printed = ExportedProgram.Run(await File.ReadAllTextAsync((await file.PathAsync())!));
        Assert.Equal(seen, printed.Where(line => line.Step > 0));
        Assert.True(seen[^1].Train < seen[0].Train);
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));

        async Task Types(string name, string text)
        {
            await page.FillAsync($"input[name={name}]", text);
            await page.Keyboard.PressAsync("Tab");
        }
    }

    [LabFact]
    public async Task A_training_is_saved_as_a_run_that_the_board_shows()
    {
        var (page, said) = await lab.Open();
        await page.ClickAsync("text=One epoch");
        await page.WaitForSelectorAsync(".pane[data-step='25']");
        var (train, test) = (await Exact(page, ".train"), await Exact(page, ".test"));
        await page.ClickAsync("text=Save as a run");
        await page.WaitForSelectorAsync(".saved:has-text('playground-circles-2-8-8-1')");
        var run = PlaygroundRun.Load(Path.Combine(lab.Runs, "playground-circles-2-8-8-1"));
        Assert.Equal(new CurvePoint(25, train, test), run.Curve[^1]);
        await LabBrowser.Shot(page, "playground-saved");
        await page.ClickAsync(".saved a");
        await page.WaitForSelectorAsync(".runs-table:has-text('playground-circles-2-8-8-1')");
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [LabFact]
    public async Task A_derivation_stands_in_the_address_with_its_step()
    {
        var (page, _) = await lab.Open();
        await page.ClickAsync("text=One epoch");
        await page.WaitForSelectorAsync(".pane[data-step='25']");
        await page.ClickAsync("summary:has-text('Weights')");
        await page.ClickAsync("text=Where does it come from?");
        await page.WaitForSelectorAsync(".why");
        string value = (await page.GetAttributeAsync(".why output", "data-exact"))!;
        string hash = new Uri(page.Url).Fragment;
        Assert.Equal("""#/playground/{"why":{"parameter":"0.weight","index":0,"step":25}}""",
            Uri.UnescapeDataString(hash));
        var (other, _) = await lab.Open(hash: hash, ready: ".why");
        await other.WaitForSelectorAsync(".pane[data-step='25']");
        Assert.Equal(value, await other.GetAttributeAsync(".why output", "data-exact"));
        await page.GoBackAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('.why') === null");
        await page.GoForwardAsync();
        await page.WaitForSelectorAsync(".why");
        await page.ClickAsync(".transport .main");
        await page.WaitForFunctionAsync("() => !location.hash.includes('why')");
    }

    [LabFact]
    public async Task It_plays_pauses_and_goes_back_to_a_step()
    {
        var (page, _) = await lab.Open();
        double before = await Exact(page, ".train");
        await page.ClickAsync(".transport .main");
        await page.WaitForFunctionAsync("() => Number(document.querySelector('.pane').dataset.step) > 300");
        await page.ClickAsync(".transport .main");
        await page.WaitForSelectorAsync(".main:has-text('Play')");
        double after = await Exact(page, ".train");
        Assert.NotEqual(before, after);
        await page.ClickAsync("text=To the start");
        await page.WaitForSelectorAsync(".pane[data-step='0']");
        Assert.Equal(before, await Exact(page, ".train"));
    }

    [LabFact]
    public async Task A_setting_stands_in_the_address_and_going_back_undoes_it()
    {
        var (page, _) = await lab.Open();
        await page.SelectOptionAsync("select[name=data]", "spirals");
        await page.FillAsync("input[name=hidden]", "16, 4");
        await page.Keyboard.PressAsync("Tab");
        await page.WaitForFunctionAsync(
            "() => document.querySelector('.network canvas').ariaLabel.startsWith('Network 2-16-4-1')");
        string hash = Uri.UnescapeDataString(new Uri(page.Url).Fragment);
        Assert.Equal("""#/playground/{"a":{"data":"spirals","hidden":[16,4]}}""", hash);
        await page.GoBackAsync();
        await page.WaitForFunctionAsync(
            "() => document.querySelector('.network canvas').ariaLabel.startsWith('Network 2-8-8-1')");
        Assert.Equal("8, 8", await page.InputValueAsync("input[name=hidden]"));
        Assert.Equal("spirals", await page.InputValueAsync("select[name=data]"));
    }

    [LabFact]
    public async Task What_is_typed_stays_while_frames_are_drawn()
    {
        var (page, _) = await lab.Open();
        await page.ClickAsync(".transport .main");
        await page.FillAsync("input[name=noise]", "0.7");
        int step = int.Parse((await page.GetAttributeAsync(".pane", "data-step"))!, CultureInfo.InvariantCulture);
        await page.WaitForFunctionAsync(
            $"() => Number(document.querySelector('.pane').dataset.step) > {step + 2000}");
        Assert.Equal("0.7", await page.InputValueAsync("input[name=noise]"));
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => decodeURIComponent(location.hash).includes('\"noise\":0.7')");
    }

    [LabFact]
    public async Task A_weight_is_changed_by_the_keyboard()
    {
        var (page, _) = await lab.Open();
        await page.ClickAsync("summary:has-text('Weights')");
        await page.FillAsync("input[name=value]", "2.5");
        await page.Keyboard.PressAsync("Tab");
        await page.CheckAsync("input[name=frozen]");
        double before = await Exact(page, ".train");
        await page.ClickAsync("text=One epoch");
        await page.WaitForSelectorAsync(".pane[data-step='25']");
        Assert.Equal("2.5", await page.InputValueAsync("input[name=value]"));
        Assert.NotEqual(before, await Exact(page, ".train"));
        Assert.NotEqual("0.000", await page.InnerTextAsync("output[name=gradient]"));
    }

    [LabFact]
    public async Task A_gradient_and_a_neuron_say_where_they_came_from()
    {
        var (page, said) = await lab.Open();
        await page.ClickAsync("text=One epoch");
        await page.WaitForSelectorAsync(".pane[data-step='25']");
        await page.ClickAsync("summary:has-text('Weights')");
        string shown = await page.InnerTextAsync("output[name=gradient]");
        await page.ClickAsync("text=Where does it come from?");
        await page.WaitForSelectorAsync(".why");
        double explained = Number((await page.GetAttributeAsync(".why output", "data-exact"))!);
        Assert.Equal(Number(shown), explained, Math.Abs(explained) * 1e-3);
        Assert.Contains("step 25", await page.InnerTextAsync(".why"), StringComparison.Ordinal);
        await LabBrowser.Shot(page, "playground-why");
        await page.ClickAsync("summary:has-text('Outputs of neurons')");
        await page.ClickAsync("text=Where does its output come from?");
        await page.WaitForSelectorAsync(".why:has-text('point 0')");
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForFunctionAsync("() => document.querySelector('.why') === null");
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [LabFact]
    public async Task Two_networks_stand_side_by_side_with_one_difference()
    {
        var (page, _) = await lab.Open();
        await page.SelectOptionAsync("select[name=differs]", "activation");
        await page.SelectOptionAsync("select[name=other]", "relu");
        await page.WaitForFunctionAsync("() => document.querySelectorAll('.pane[data-step]').length === 2");
        await page.ClickAsync("text=One epoch");
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('.pane')].every(pane => pane.dataset.step === '25')");
        string[] losses = await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('.numbers .train')].map(one => one.dataset.exact)");
        Assert.Equal([Loss(new(), 25), Loss(new() { Activation = "relu" }, 25)], losses.Select(Number));
        await LabBrowser.Shot(page, "playground-two");
    }

    [LabFact]
    public async Task Points_are_drawn_by_clicks()
    {
        var (page, _) = await lab.Open();
        await page.SelectOptionAsync("select[name=draw]", "1");
        await page.ClickAsync(".plane", new() { Position = new() { X = 30, Y = 30 } });
        await page.WaitForFunctionAsync("() => document.querySelector('.plane').ariaLabel.endsWith('501 points')");
        Assert.Equal("own", await page.InputValueAsync("select[name=data]"));
    }

    [LabFact]
    public async Task A_field_says_what_it_takes_until_it_is_good_again()
    {
        var (page, _) = await lab.Open();
        await page.FillAsync("input[name=points]", "5");
        await page.PressAsync("input[name=points]", "Tab");
        await page.WaitForSelectorAsync(
            "label:has(input[name=points]) .fault:text-is('Points: 10 to 10,000, whole numbers')");
        await page.FillAsync("input[name=points]", "500");
        await page.WaitForSelectorAsync("label:has(input[name=points]) .fault",
            new() { State = WaitForSelectorState.Detached });
        Assert.Equal("500", await page.InputValueAsync("input[name=points]"));
    }

    [LabFact]
    public async Task Two_networks_play_to_the_same_step()
    {
        var (page, _) = await lab.Open();
        await page.ClickAsync("text=One epoch");
        await page.WaitForFunctionAsync("() => document.querySelector('.pane')?.dataset.step === '25'");
        await page.SelectOptionAsync("select[name=differs]", "learningRate");
        Assert.Equal("0.003", await page.InputValueAsync("input[name=other]"));
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('.pane')].map(one => one.dataset.step).join() === '0,0'");
        await page.ClickAsync("button:text-is('Play')");
        await page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('.pane')].every(one => one.dataset.step > 50)");
        // Whenever one looks.
        Assert.Equal("", await page.EvaluateAsync<string>("""
            async () => {
              for (let i = 0; i < 40; i++) {
                await new Promise(requestAnimationFrame);
                const steps = [...document.querySelectorAll('.pane')].map(one => one.dataset.step);
                if (steps[0] !== steps[1]) return steps.join(' and ');
              }
              return '';
            }
            """));
        await page.ClickAsync("button:text-is('Pause')");
        await page.WaitForFunctionAsync(
            "() => new Set([...document.querySelectorAll('.pane')].map(one => one.dataset.step)).size === 1");
    }

    [LabFact]
    public async Task A_pasted_table_becomes_points()
    {
        var (page, _) = await lab.Open();
        await page.FillAsync("textarea[name=csv]",
            "a,b,c,kind\n1,2,3,<b>x</b>\n2,1,5,y\n3,5,1,<b>x</b>\n4,2,2,y\n5,1,1,y\n");
        await page.ClickAsync("input[name=seed]");
        await page.WaitForFunctionAsync("() => document.querySelector('.plane').ariaLabel.endsWith(' 5 points')");
        await page.CheckAsync("input[name=components]");
        await page.WaitForFunctionAsync("() => document.querySelector('select[name=csv-x1]').disabled");
        await page.FillAsync("textarea[name=csv]", "a,b\n1,2\n");
        await page.ClickAsync("input[name=seed]");
        await page.WaitForSelectorAsync("fieldset:has(textarea[name=csv]) .fault:has-text('give 4 to 10,000')");
    }

    public static TheoryData<string> Presets => [.. Preset.All.Select(preset => preset.Name)];

    [LabTheory]
    [MemberData(nameof(Presets))]
    public async Task An_example_is_opened_trained_and_diagnosed(string name)
    {
        var (page, said) = await lab.Open();
        await page.SelectOptionAsync("select[name=preset]", name);
        await page.ClickAsync(".look button");
        await page.WaitForFunctionAsync("() => Number(document.querySelector('.pane').dataset.step) > 10");
        await page.ClickAsync("text=Diagnose");
        await page.WaitForSelectorAsync(".findings dt");
        await LabBrowser.Shot(page, "playground-" + name);
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [LabTheory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    public async Task It_is_readable_on_wide_and_narrow_screens_light_and_dark(int width, ColorScheme scheme)
    {
        var (page, _) = await lab.Open(width, scheme);
        await page.SelectOptionAsync("select[name=data]", "blobs");
        await page.FillAsync("input[name=classes]", "4");
        await page.Keyboard.PressAsync("Tab");
        await page.WaitForFunctionAsync(
            "() => document.querySelector('.network canvas').ariaLabel.startsWith('Network 2-8-8-4')");
        await page.ClickAsync(".transport .main");
        await page.WaitForFunctionAsync("() => Number(document.querySelector('.pane').dataset.step) > 500");
        await page.ClickAsync(".transport .main");
        Assert.True(await page.EvaluateAsync<bool>(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "it scrolls sideways");
        await LabBrowser.Shot(page, $"playground-{width}-{scheme}");
    }

    static double Loss(PlaygroundSettings settings, int steps)
    {
        var line = new Timeline(new(settings));
        line.Advance(steps, () => false);
        return line.Training.Loss(ofTest: false);
    }

    static async Task<double> Exact(IPage page, string what) =>
        Number((await page.GetAttributeAsync($".numbers dd{what}", "data-exact"))!);

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
