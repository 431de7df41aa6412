using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using ChainRule.Lab.Server;
using ChainRule.Lab.Sessions;
using ChainRule.Tests;

namespace ChainRule.Lab.Tests.Server;

public sealed class LabServerTest : IAsyncLifetime
{
    LabServer _server = null!;

    public async Task InitializeAsync() => _server = await LabServer.StartAsync(new());

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Without_the_token_there_is_nothing()
    {
        using var client = Client(cookies: false);
        foreach (string path in (string[])["", "api/rooms", "index.html", "?token=wrong"])
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
        using var posted = await client.PostAsync(new Uri("api/sessions", UriKind.Relative), Text("{}"));
        Assert.Equal(HttpStatusCode.Forbidden, posted.StatusCode);
    }

    [Fact]
    public async Task The_opening_address_sets_a_cookie_and_is_left()
    {
        using var client = Client(cookies: false);
        using var response = await client.GetAsync(_server.Address);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal("/", response.Headers.Location!.OriginalString);
        string cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "127.0.0.1.evil.example")]
    [InlineData("Host", "127.0.0.1:1")]
    public async Task Another_site_cannot_ask(string header, string value)
    {
        using var client = await Entered();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/sessions", UriKind.Relative))
            { Content = Text("""{"room":"playground"}""") };
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(0, _server.Sessions.Count);
    }

    [Fact]
    public async Task Answers_say_what_a_page_may_load()
    {
        using var client = await Entered();
        using var response = await client.GetAsync(new Uri("api/rooms", UriKind.Relative));
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("playground", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_session_is_nobodys_origin_and_its_name_is_no_path()
    {
        using var folder = new TemporaryFolder();
        folder.Write("progress.txt", "");
        Directory.CreateDirectory(folder.PathOf("lessons/pictures"));
        folder.Write("lessons/pictures/01-slope.html", "<p>drawn</p>");
        await using var server = await LabServer.StartAsync(new() { Course = folder.Path });
        using var client = await Entered(server.Address);
        string session = await Open(client, "course");
        using var response = await client.GetAsync(new Uri($"api/sessions/{session}/files/01-slope.html",
            UriKind.Relative));
        Assert.Equal("<p>drawn</p>", await response.Content.ReadAsStringAsync());
        Assert.StartsWith("sandbox allow-scripts; default-src 'none'; ",
            Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        foreach (string name in (string[])["..%2f..%2fprogress.txt", "none.svg", "%2e%2e", "01-slope.cs"])
        {
            using var none = await client.GetAsync(new Uri($"api/sessions/{session}/files/{name}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
    }

    [Fact]
    public async Task A_lab_that_others_can_reach_runs_no_lesson()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LabServer.StartAsync(new() { Course = folder.Path, Address = IPAddress.Any });
        using var client = await Entered(server.Address);
        string session = await Open(client, "course");
        foreach (string type in (string[])["run", "save"])
        {
            string text = type == "save" ? ",\"text\":\"x\"" : "";
            Assert.Contains($"{type}: lessons are run only by a lab that listens on this machine alone: start it "
                + "without --host", await Ask(client, session,
                    $$"""{"type":"{{type}}","name":"01-slope"{{text}}}"""), StringComparison.Ordinal);
        }
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task All_lessons_come_as_one_small_file()
    {
        using var client = await Entered();
        byte[] packed = await client.GetByteArrayAsync(new Uri("lessons.json.gz", UriKind.Relative));
        Assert.InRange(packed.Length, 10_000, 300_000);
        await using var json = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var all = await JsonDocument.ParseAsync(json);
        string path = Path.Combine(Web.Root, "lessons", "01-slope.cs");
        Assert.Equal(await File.ReadAllTextAsync(path), all.RootElement.GetProperty("01-slope").GetString());
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("assets/../../x")]
    [InlineData("assets/%00")]
    public async Task No_path_leaves_the_page(string path)
    {
        using var client = await Entered();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.NotFound, HttpStatusCode.BadRequest]);
    }

    [Fact]
    public async Task A_session_is_made_answers_and_ends()
    {
        using var client = await Entered();
        string id = await Open(client);
        Assert.Contains("\"step\":3", await Ask(client, id, """{"type":"step","steps":3}"""),
            StringComparison.Ordinal);
        Assert.Contains("refused", await Ask(client, id, """{"type":"step","steps":-1}"""), StringComparison.Ordinal);
        using var gone = await client.DeleteAsync(new Uri($"api/sessions/{id}", UriKind.Relative));
        Assert.Equal(0, _server.Sessions.Count);
        using var late = await client.PostAsync(new Uri($"api/sessions/{id}", UriKind.Relative), Text("{}"));
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
    }

    [Fact]
    public async Task A_request_too_large_is_refused_and_others_are_not_harmed()
    {
        using var client = await Entered();
        string id = await Open(client);
        try
        {
            using var response = await client.PostAsync(new Uri($"api/sessions/{id}", UriKind.Relative),
                new ByteArrayContent(new byte[20 << 20]));
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The server hangs up before all is sent.
        }
        Assert.Contains("\"step\":0", await Ask(client, id, """{"type":"frame","grid":0}"""),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_sessions_play_at_once()
    {
        using var client = await Entered();
        string[] ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Open(client)));
        await Task.WhenAll(ids.Select(id => Ask(client, id, """{"type":"play","stepsPerSecond":50}""")));
        for (int round = 0; round < 5; round++)
            Assert.All(await Task.WhenAll(ids.Select(id => Ask(client, id, """{"type":"frame","grid":20}"""))),
                answer => Assert.DoesNotContain("refused", answer, StringComparison.Ordinal));
        foreach (string id in ids) _server.Sessions.Close(id);
        Assert.Equal(0, _server.Sessions.Count);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said()
    {
        int port = _server.Address.Port;
        var refused = await Assert.ThrowsAsync<IOException>(() => LabServer.StartAsync(new() { Port = port }));
        Assert.Equal($"lab: 127.0.0.1:{port} cannot be listened on (another program listens there): choose another "
            + "--port, or 0 for a free one", refused.Message);
    }

    HttpClient Client(bool cookies) => new(new SocketsHttpHandler { UseCookies = cookies, AllowAutoRedirect = false })
        { BaseAddress = new Uri(_server.Address, "/") };

    Task<HttpClient> Entered() => Entered(_server.Address);

    static async Task<HttpClient> Entered(Uri address)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
            { BaseAddress = new Uri(address, "/") };
        using var response = await client.GetAsync(address);
        return client;
    }

    static async Task<string> Open(HttpClient client, string room = "playground")
    {
        using var response = await client.PostAsync(new Uri("api/sessions", UriKind.Relative),
            Text($$"""{"room":"{{room}}"}"""));
        var (json, _) = LabReply.Read(await response.Content.ReadAsByteArrayAsync());
        return JsonSerializer.Deserialize(json.Span, LabJson.Default.OpenAnswer)!.Session;
    }

    static async Task<string> Ask(HttpClient client, string id, string request)
    {
        using var response = await client.PostAsync(new Uri($"api/sessions/{id}", UriKind.Relative), Text(request));
        var (json, _) = LabReply.Read(await response.Content.ReadAsByteArrayAsync());
        return Encoding.UTF8.GetString(json.Span);
    }

    static StringContent Text(string json) => new(json, Encoding.UTF8, "application/json");
}
