using ChainRule.Zoo.Datasets;

namespace ChainRule.Zoo.Tests.Datasets;

/// <summary>A download that goes well, or is refused for what comes.</summary>
public sealed class DownloadTest : IDisposable
{
    readonly Bench _bench = new();

    [Fact]
    public async Task A_file_is_fetched_verified_and_given_its_name()
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(_bench.Content));
        var steps = new Steps();
        Fetched got = await _bench.Fetch(_bench.Published(server), steps);

        Assert.Equal(new Fetched(_bench.Target, WasThere: false, ResumedFrom: 0), got);
        Assert.Equal(_bench.Content, await File.ReadAllBytesAsync(_bench.Target));
        Assert.Equal([Bench.Name], _bench.Files);
        Assert.Equal(new DownloadProgress(0, 300_000), steps.Seen[0]);
        Assert.Equal(new DownloadProgress(300_000, 300_000), steps.Seen[^1]);
        Assert.Equal(steps.Seen.Select(step => step.Done).Order(), steps.Seen.Select(step => step.Done));
    }

    [Fact]
    public async Task A_good_file_that_is_there_is_verified_and_nothing_is_asked_for()
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(_bench.Content));
        await File.WriteAllBytesAsync(_bench.Target, _bench.Content);
        DateTime written = File.GetLastWriteTimeUtc(_bench.Target);

        Fetched got = await _bench.Fetch(_bench.Published(server));

        Assert.True(got.WasThere);
        Assert.Empty(server.Requests);
        Assert.Equal(written, File.GetLastWriteTimeUtc(_bench.Target));
        Assert.Equal([Bench.Name], _bench.Files);
    }

    [Fact]
    public async Task Another_file_of_that_name_is_left_as_it_is()
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(_bench.Content));
        await File.WriteAllTextAsync(_bench.Target, "mine");
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => _bench.Fetch(_bench.Published(server)));

        Assert.Equal(
            $"{_bench.Target}: its SHA-256 should be {Bench.Sha256(_bench.Content)} and is "
            + $"{Bench.Sha256("mine"u8.ToArray())}: it is left as it is; move it away and get it again", error.Message);
        Assert.Equal("mine", await File.ReadAllTextAsync(_bench.Target));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_file_that_takes_the_name_meanwhile_is_not_overwritten()
    {
        using var server = new LoopbackServer(_ =>
        {
            File.WriteAllText(_bench.Target, "mine");
            return LoopbackServer.Whole(_bench.Content);
        });
        IOException error = await Assert.ThrowsAsync<IOException>(() => _bench.Fetch(_bench.Published(server)));
        Assert.StartsWith($"write {_bench.Target}: ", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(_bench.Target));
    }

    [Fact]
    public async Task A_wrong_hash_deletes_the_download_and_says_both()
    {
        byte[] other = [.. _bench.Content];
        other[^1] ^= 1;
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(other));
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => _bench.Fetch(_bench.Published(server)));

        Assert.Equal(
            $"get {server.Base}noise.bin: its SHA-256 should be {Bench.Sha256(_bench.Content)} and is "
            + $"{Bench.Sha256(other)}; the download was deleted: ask again, or name another copy with --mirror "
            + "URL-or-folder", error.Message);
        Assert.Empty(_bench.Files);
    }

    [Theory]
    [InlineData(299_999, "299,999")]
    [InlineData(5_000_000_000, "5,000,000,000")]
    public async Task A_file_announced_with_another_length_is_refused_unread(long announced, string said)
    {
        using var server = new LoopbackServer(_ => new("200 OK", [$"Content-Length: {announced}"], []));
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => _bench.Fetch(_bench.Published(server)));
        Assert.Equal(
            $"get {server.Base}noise.bin: it has {said} bytes and the published file 300,000: name another copy with "
                + "--mirror URL-or-folder",
            error.Message);
        Assert.Empty(_bench.Files);
    }

    [Fact]
    public async Task A_file_that_goes_on_past_its_length_is_not_followed()
    {
        using var server = new LoopbackServer(_ => new("200 OK", [], [.. _bench.Content, .. new byte[1 << 20]]));
        var steps = new Steps();
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => _bench.Fetch(_bench.Published(server), steps));
        Assert.Equal(
            $"get {server.Base}noise.bin: it goes on past the 300,000 bytes it should have: name another copy with "
                + "--mirror URL-or-folder",
            error.Message);
        Assert.All(steps.Seen, step => Assert.InRange(step.Done, 0, 300_000));
        Assert.Empty(_bench.Files);
    }

    [Fact]
    public async Task A_server_without_the_file_is_quoted()
    {
        using var server = new LoopbackServer(_ => new("404 Not Found", ["Content-Length: 4"], "gone"u8.ToArray()));
        IOException error = await Assert.ThrowsAsync<IOException>(() => _bench.Fetch(_bench.Published(server)));
        Assert.Equal(
            $"get {server.Base}noise.bin: the server answers 404 Not Found: name another copy with --mirror "
                + "URL-or-folder", error.Message);
        Assert.Empty(_bench.Files);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named()
    {
        Uri gone;
        using (var server = new LoopbackServer(_ => LoopbackServer.Whole([]))) gone = server.Base;
        IOException error =
            await Assert.ThrowsAsync<IOException>(() => _bench.Fetch(_bench.Published(new Uri(gone, Bench.Name))));
        Assert.StartsWith($"get {gone}noise.bin: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(": check the connection, or name another copy with --mirror URL-or-folder", error.Message,
            StringComparison.Ordinal);
        Assert.Empty(_bench.Files);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        string file = Path.Combine(_bench.Folder, "a file");
        await File.WriteAllTextAsync(file, "");
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(_bench.Content));
        string below = Path.Combine(file, "below");
        IOException error =
            await Assert.ThrowsAsync<IOException>(() => Download.Fetch(_bench.Published(server), below));
        Assert.StartsWith($"write {Path.Combine(below, Bench.Name)}.part: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(": make room there, or name a folder that can be written with CHAINRULE_DATA", error.Message,
            StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_full_disk_is_named()
    {
        // Linux's always-full device, in the part's place; elsewhere there is no such disk to be had.
        if (!File.Exists("/dev/full")) return;
        File.CreateSymbolicLink(_bench.Part, "/dev/full");
        using var server = new LoopbackServer(_ => LoopbackServer.Whole(_bench.Content));
        IOException error = await Assert.ThrowsAsync<IOException>(() => _bench.Fetch(_bench.Published(server)));
        Assert.StartsWith($"write {_bench.Part}: the disk is full: ", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_bench.Target));
    }

    [Fact]
    public async Task Two_downloads_of_one_file_do_not_mix()
    {
        using var silent = new LoopbackServer(_ => LoopbackServer.Whole(_bench.Content) with { SilentAfter = 1000 });
        using var stop = new CancellationTokenSource();
        Task<Fetched> first = _bench.Fetch(_bench.Published(silent), cancel: stop.Token);
        while (silent.Requests.Count == 0) await Task.Delay(5);

        IOException error = await Assert.ThrowsAsync<IOException>(() => _bench.Fetch(_bench.Published(silent)));
        Assert.Equal($"write {_bench.Part}: another download of it is under way: wait for its end", error.Message);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    public void Dispose() => _bench.Dispose();
}
