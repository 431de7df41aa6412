using ChainRule.Lab.Learning;
using Microsoft.Playwright;

namespace ChainRule.Lab.Tests.Browser;

/// <summary>The course in a real browser.</summary>
public sealed class CoursePageTest(LabBrowser lab) : IClassFixture<LabBrowser>
{
    [LabFact]
    public async Task A_lesson_is_found_read_run_and_done()
    {
        var (page, said) = await lab.Open(hash: "#/course", ready: ".lists li");
        await LabBrowser.Shot(page, "course");
        await page.ClickAsync("a:has-text('Seeing slopes')");
        await page.WaitForSelectorAsync("article[data-name='04-seeing-slopes']");
        Assert.Contains("A tangent is the line that has the slope of a curve where it touches it",
            await page.InnerTextAsync("section[data-part='1'] h3"), StringComparison.Ordinal);
        Assert.Contains("y = 2x − 1", await page.InnerTextAsync("section[data-part='1'] pre.output >> nth=0"),
            StringComparison.Ordinal);
        Assert.Equal("foreach", await page.InnerTextAsync("section[data-part='1'] pre.code .keyword >> nth=0"));

        await page.ClickAsync(".run button:has-text('Run')");
        await page.WaitForSelectorAsync(".run[data-state=running]");
        await page.WaitForSelectorAsync(".run[data-state=ended]");
        Assert.Equal("It printed what is expected.", await page.InnerTextAsync(".ending"));
        Assert.StartsWith("1. A tangent", await page.InnerTextAsync("pre.live"), StringComparison.Ordinal);
        await page.WaitForSelectorAsync("h2 .badge");
        Assert.Contains("04-seeing-slopes", new Course(lab.Course).Lessons);

        // The page that it drew is in a frame that draws, and has no way to this lab.
        await page.WaitForSelectorAsync(".picture iframe");
        var frame = await (await page.QuerySelectorAsync(".picture iframe"))!.ContentFrameAsync();
        await frame!.WaitForSelectorAsync("svg, canvas");
        Assert.Equal("null", await frame.EvaluateAsync<string>("() => window.origin"));
        await LabBrowser.Shot(page, "course-lesson");

        await page.ClickAsync(".parts a >> nth=1");
        await page.WaitForFunctionAsync("() => document.activeElement.textContent.startsWith('2. ')");
        await page.GoBackAsync();
        await page.GoBackAsync();
        await page.WaitForSelectorAsync(".lists [data-done='1']");
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [LabFact]
    public async Task A_lesson_is_changed_runs_otherwise_is_stopped_and_put_back()
    {
        var (page, _) = await lab.Open(hash: "#/course/{\"lesson\":\"02-chain-rule\",\"edit\":true}",
            ready: "textarea[name=program]");
        string shipped = await page.InputValueAsync("textarea");
        await page.FillAsync("textarea", "Console.WriteLine(\"<b>mine</b>\");\nwhile (true) Thread.Sleep(10);");
        await page.ClickAsync(".run button:has-text('Run')");
        await page.WaitForSelectorAsync("pre.live:has-text('<b>mine</b>')");
        Assert.Equal(0, await page.Locator("pre.live b").CountAsync());
        await page.ClickAsync("button:has-text('Stop')");
        await page.WaitForSelectorAsync(".ending:has-text('It was stopped.')");
        await page.FillAsync("textarea", "Console.WriteLine(\"mine\");");
        await page.ClickAsync(".run button:has-text('Run')");
        await page.WaitForSelectorAsync(".differences .printed:has-text('mine')");
        await LabBrowser.Shot(page, "course-differences");
        await page.ClickAsync("button:has-text('Put back')");
        await page.ClickAsync("button:has-text('Yes, put the lesson back')");
        await page.WaitForFunctionAsync("text => document.querySelector('textarea').value === text", shipped);
        Assert.Contains("02-chain-rule.cs.old", await page.InnerTextAsync("[aria-label='Your copy']"),
            StringComparison.Ordinal);
    }

    [LabFact]
    public async Task An_exercise_is_wrong_then_helped_then_right()
    {
        var (page, said) = await lab.Open(hash: "#/course/{\"exercise\":\"14-bias\"}", ready: "textarea");
        await page.ClickAsync("button:has-text('Check')");
        await page.WaitForSelectorAsync(".result:has-text('Still to be written: dy, dx, db')");
        string task = await page.InputValueAsync("textarea");
        string Filled(string db) => task.Replace("dy = ...", "dy = 2 * y", StringComparison.Ordinal)
            .Replace("dx = ...", "dx = dy", StringComparison.Ordinal)
            .Replace("db = ...", "db = " + db, StringComparison.Ordinal);
        await page.FillAsync("textarea", Filled("dy.mean(0)"));
        await page.ClickAsync("button:has-text('Check')");
        await page.WaitForSelectorAsync(".result pre:has-text('a mean stands where a sum belongs')");
        await page.ClickAsync("button:has-text('Hint')");
        await page.WaitForSelectorAsync(".hints li >> nth=0");
        await page.ClickAsync("button:has-text('One more hint')");
        await page.WaitForSelectorAsync(".hints li >> nth=1");
        await LabBrowser.Shot(page, "course-exercise");
        await page.FillAsync("textarea", Filled("dy.sum(0)"));
        await page.PressAsync("textarea", "Control+Enter");
        await page.WaitForSelectorAsync("[data-passed=true]");
        await page.WaitForSelectorAsync("h2 .badge");
        Assert.True(new Course(lab.Course).IsDone(Course.Exercises[13]));
        await page.ClickAsync("text=Go on with Exercise 15");
        await page.WaitForSelectorAsync("article[data-name='15-scale'] textarea");
        Assert.DoesNotContain(said, line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [LabFact]
    public async Task A_name_that_is_none_is_said_and_the_list_shown()
    {
        var (page, _) = await lab.Open(hash: "#/course/{\"lesson\":\"../x\"}", ready: ".lists li");
        Assert.StartsWith("There is no lesson or exercise of the name in this address",
            await page.InnerTextAsync("[role=alert]"), StringComparison.Ordinal);
    }

    [LabTheory]
    [InlineData("{}", ".lists li", "list")]
    [InlineData("{\"lesson\":\"12-broadcasting\"}", "section pre.code", "lesson")]
    [InlineData("{\"exercise\":\"14-bias\"}", "textarea", "exercise")]
    public async Task It_can_be_read_in_the_dark_and_on_a_phone(string state, string ready, string name)
    {
        var (page, _) = await lab.Open(360, ColorScheme.Dark, "#/course/" + state, ready);
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"));
        await LabBrowser.Shot(page, $"course-{name}-dark-360");
    }
}
