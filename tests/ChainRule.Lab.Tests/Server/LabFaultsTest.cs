using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ChainRule.Lab.Server;
using ChainRule.Lab.Sessions;
using ChainRule.Lab.Tests.Runs;

namespace ChainRule.Lab.Tests.Server;

/// <summary>What others on the network, too many tabs and clients that do not read may do to a lab: nothing.</summary>
public sealed class LabFaultsTest
{
    const string NoToken = "This lab opens with the address that 'chainrule lab' printed: it has the token that lets a "
        + "browser in.";

    [Fact]
    public async Task By_itself_a_lab_is_not_reached_from_elsewhere()
    {
        await using var server = await LabServer.StartAsync(new());
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(Elsewhere(), server.Address.Port));
    }

    [Fact]
    public async Task The_address_that_is_printed_is_the_one_that_is_listened_on()
    {
        // Where a machine has no such address, that is said, and nothing is printed.
        var address = Socket.OSSupportsIPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        await using var server = await LabServer.StartAsync(new() { Address = address });
        Assert.Equal(address, IPAddress.Parse(server.Address.Host.Trim('[', ']')));
        using var client = Client(new(server.Address, "/"), cookies: false);
        using var entered = await client.GetAsync(server.Address);
        Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);
    }

    [Fact]
    public async Task Who_comes_from_elsewhere_needs_the_token_and_the_name()
    {
        await using var server = await LabServer.StartAsync(new() { Address = IPAddress.Any });
        int port = server.Address.Port;
        using var client = Client(new($"http://{Elsewhere()}:{port}/"), cookies: false);
        await Refused(NoToken, "api/rooms", null);
        await Refused(NoToken, "?token=0123", null);
        await Refused("This lab is not served under that name: open the address that 'chainrule lab' printed.",
            server.Address.Query, "lab.example");
        using var entered = await client.GetAsync(new Uri(server.Address.Query, UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, entered.StatusCode);

        async Task Refused(string sentence, string path, string? host)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            if (host is not null) request.Headers.Host = $"{host}:{port}";
            using var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Equal(sentence, await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task A_thousand_tabs_get_what_there_is_and_the_others_a_sentence()
    {
        LabLimits limits = new() { Idle = TimeSpan.FromHours(1) };
        await using var server = await LabServer.StartAsync(new() { Limits = limits });
        using var client = await Entered(server);
        byte[][] opened = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Post(client, "api/sessions",
            """{"room":"playground"}""")));
        string[] texts = [.. opened.Select(Text)];
        Assert.Equal(limits.Sessions, server.Sessions.Count);
        string[] refused = [.. texts.Where(text => text.Contains("refused", StringComparison.Ordinal))];
        Assert.Equal(1000 - limits.Sessions, refused.Length);
        using var answer = JsonDocument.Parse(Assert.Single(refused.Distinct()));
        Assert.Equal("open: the lab has 500 sessions, which are all that it may have: close other tabs, or wait until "
            + "idle ones end", answer.RootElement.GetProperty("refused").GetString());
        string first = Id(texts.First(text => !text.Contains("refused", StringComparison.Ordinal)));
        Assert.Contains("\"step\":1",
            Text(await Post(client, $"api/sessions/{first}", """{"type":"step","steps":1}""")),
            StringComparison.Ordinal);
        server.Sessions.Close(first);
        Assert.DoesNotContain("refused", Text(await Post(client, "api/sessions", """{"room":"playground"}""")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_stops_to_read_events_is_let_go_and_the_others_go_on()
    {
        const int Count = 300;
        using var runs = new RunFixture();
        for (int i = 0; i < Count; i++) runs.Run($"run-{i:000}", losses: [1]);
        await using var server = await LabServer.StartAsync(new()
            { Runs = runs.Root, Limits = new() { Idle = TimeSpan.Zero, Stall = TimeSpan.FromSeconds(1) } });
        using var client = await Entered(server);
        string id = Id(Text(await Post(client, "api/sessions", """{"room":"runs"}""")));
        using var asleep = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            { ReceiveBufferSize = 4096 };
        await asleep.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        string cookie = $"chainrule-lab-{server.Address.Port}={server.Address.Query["?token=".Length..]}";
        await asleep.SendAsync(Encoding.ASCII.GetBytes($"GET /api/sessions/{id}/events HTTP/1.1\r\n"
            + $"Host: 127.0.0.1:{server.Address.Port}\r\nCookie: {cookie}\r\n\r\n"));
        while (server.Sessions.Readers == 0) await Task.Delay(10);
        // Events are written until nothing more goes through, and then for as long as the lab waits for the reader.
        for (int step = 1; server.Sessions.Readers > 0; step++)
        {
            for (int i = 0; i < Count; i++)
                await File.AppendAllTextAsync(Path.Combine(runs.PathOf($"run-{i:000}"), "metrics.jsonl"),
                    RunFixture.Line(10 * step, 1));
            using var others = await client.GetAsync(new Uri("api/rooms", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, others.StatusCode);
        }
        server.Sessions.EndIdle();
        Assert.Equal(0, server.Sessions.Count);
    }

    // An address of this machine that is not the one that a lab listens on by itself.
    static IPAddress Elsewhere() => NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address)
        .FirstOrDefault(one => one.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(one))
        ?? IPAddress.Parse("127.0.0.2");

    static HttpClient Client(Uri address, bool cookies) =>
        new(new SocketsHttpHandler { UseCookies = cookies, AllowAutoRedirect = false }) { BaseAddress = address };

    static async Task<HttpClient> Entered(LabServer server)
    {
        var client = Client(new(server.Address, "/"), cookies: true);
        using var response = await client.GetAsync(server.Address);
        return client;
    }

    static async Task<byte[]> Post(HttpClient client, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        return await response.Content.ReadAsByteArrayAsync();
    }

    static string Text(byte[] reply) => Encoding.UTF8.GetString(LabReply.Read(reply).Json.Span);

    static string Id(string opened) => JsonSerializer.Deserialize(opened, LabJson.Default.OpenAnswer)!.Session;
}
