using System.Net;
using System.Net.Sockets;
using ChainRule.Lab.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChainRule.Lab.Server;

/// <summary>
/// The lab over HTTP. It carries bytes between browsers and sessions, and serves the page; who has not its token gets
/// nothing.
/// </summary>
public sealed class LabServer : IAsyncDisposable
{
    static readonly TimeSpan s_look = TimeSpan.FromSeconds(30);

    readonly WebApplication _app;
    readonly LabSessions _sessions;
    readonly LabToken _token;
    readonly Timer _idle;

    LabServer(LabServerOptions options)
    {
        _token = new(options.TokenFile);
        string? notRun = IPAddress.IsLoopback(options.Address) ? null
            : "lessons are run only by a lab that listens on this machine alone: start it without --host";
        var place = new LabPlace(options.Runs, options.Course is null ? null
            : new(Path.GetFullPath(options.Course), LabLessons.All, notRun));
        _sessions = new(LabRooms.At(place), place, options.Limits, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
            { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.Request;
            kestrel.Limits.MaxConcurrentConnections = 2000;
            kestrel.Listen(options.Address, options.Port);
        });
        _app = builder.Build();
        var guard = new LabGuard(_token, options.Address);
        _app.Use(guard.Let);
        _app.Use(SayFault);
        LabRoutes.Map(_app, _sessions, _app.Lifetime.ApplicationStopping);
        _idle = new(_ => _sessions.EndIdle(), null, s_look, s_look);
    }

    // A fault of the lab itself: a sentence on the page, and what says more in the terminal.
    static async Task SayFault(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is not OperationCanceledException && !context.Response.HasStarted
            && !context.RequestAborted.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"lab: a fault of its own: {e}");
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsync(
                $"a fault of the lab itself ({e.GetType().Name}): please report it, with what "
                + "the lab's terminal shows; reload the page to go on");
        }
    }

    /// <summary>The address to open, with the token that lets the browser in.</summary>
    public Uri Address { get; private set; } = new("http://localhost/");

    /// <summary>Why there is no page in this build; null where there is one.</summary>
    public static string? Missing => LabFiles.Missing;

    /// <summary>Its sessions.</summary>
    public LabSessions Sessions => _sessions;

    /// <summary>Starts to serve.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LabServer> StartAsync(LabServerOptions options, CancellationToken cancel = default)
    {
        Throw.IfNull(options, "lab");
        var server = new LabServer(options);
        try
        {
            await server._app.StartAsync(cancel);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await server.DisposeAsync();
            throw new IOException($"lab: {options.Address}:{options.Port} cannot be listened on "
                + $"({(e is IOException ? "another program listens there" : e.Message)}): choose another --port, or 0 "
                + "for a free one", e);
        }
        var listening = new Uri(server._app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.First());
        string host = options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any)
            ? "127.0.0.1" : listening.Host;
        server.Address = new($"http://{host}:{listening.Port}/?token={server._token.Text}");
        return server;
    }

    /// <summary>Serves until told to stop.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var stopped = new TaskCompletionSource();
        await using var registered = cancel.Register(stopped.SetResult);
        await stopped.Task;
        await _app.StopAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _idle.DisposeAsync();
        await _app.DisposeAsync();
        _sessions.Dispose();
    }
}
