using System.Text;
using ChainRule.Lab.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ChainRule.Lab.Server;

/// <summary>The addresses of the lab: sessions, their events, and the files of the page.</summary>
static class LabRoutes
{
    const string Binary = "application/octet-stream";

    // A line that says nothing shows who went away.
    static readonly TimeSpan s_beat = TimeSpan.FromSeconds(15);

    public static void Map(WebApplication app, LabSessions sessions, CancellationToken stopping)
    {
        app.MapGet("/api/rooms", context => Send(context, "application/json",
            sessions.Describe($".NET {Environment.Version.Major} on this machine")));
        app.MapPost("/api/sessions", async context =>
        {
            byte[] request = await Body(context);
            await Send(context, Binary, sessions.Open(request));
        });
        app.MapPost("/api/sessions/{id}", async context =>
        {
            byte[] request = await Body(context);
            string id = (string)context.Request.RouteValues["id"]!;
            // A session computes for as long as it takes: not on the thread that serves others.
            byte[]? answer = await Task.Run(() => sessions.Answer(id, request), context.RequestAborted);
            if (answer is null) await Gone(context);
            else await Send(context, Binary, answer);
        });
        app.MapDelete("/api/sessions/{id}", context =>
        {
            sessions.Close((string)context.Request.RouteValues["id"]!);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        app.MapGet("/api/sessions/{id}/events", context => Events(context, sessions, stopping));
        app.MapGet("/api/sessions/{id}/files/{name}", context => ShowFile(context, sessions));
        app.MapGet("/{**path}", context => LabFiles.Send(context));
    }

    static async Task<byte[]> Body(HttpContext context)
    {
        using var all = new MemoryStream();
        await context.Request.Body.CopyToAsync(all, context.RequestAborted);
        return all.ToArray();
    }

    static async Task Events(HttpContext context, LabSessions sessions, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        if (sessions.Events((string)context.Request.RouteValues["id"]!, stop.Token) is not { } events)
        {
            await Gone(context);
            return;
        }
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        try
        {
            var patience = sessions.Limits.Stall;
            await Tell(context, "retry: 500\n\n", patience, stop.Token);
            await using var each = events.GetAsyncEnumerator(stop.Token);
            var next = each.MoveNextAsync().AsTask();
            for (;;)
            {
                bool came = await Task.WhenAny(next, Task.Delay(s_beat, stop.Token)) == next;
                if (came && !await next) return;
                // JSON has no line ends of its own.
                await Tell(context, came ? $"data: {each.Current}\n\n" : ": still here\n\n", patience, stop.Token);
                if (came) next = each.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed or stopped to read, or the lab ends.
        }
    }

    static async Task Tell(HttpContext context, string text, TimeSpan longest, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(longest);
        try
        {
            await context.Response.WriteAsync(text, patience.Token);
            await context.Response.Body.FlushAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            context.Abort();
            throw;
        }
    }

    static Task ShowFile(HttpContext context, LabSessions sessions)
    {
        var file = sessions.OpenFile((string)context.Request.RouteValues["id"]!,
            (string)context.Request.RouteValues["name"]!);
        if (file is null) return Gone(context);
        context.Response.Headers.ContentSecurityPolicy = LabGuard.FilePolicy;
        return Send(context, file.Type, file.Bytes);
    }

    static Task Gone(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Send(context, Binary, LabReply.Refused("this session has ended: the page makes a new one"));
    }

    static async Task Send(HttpContext context, string type, ReadOnlyMemory<byte> bytes)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
