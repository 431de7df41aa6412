using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ChainRule.Distributed;

/// <summary>Carries bytes by an MPI library.</summary>
sealed unsafe class MpiTransport : Transport
{
    const int FailureTag = MostTag + 1, EndTag = MostTag + 2, SaidTag = MostTag + 3;

    // How often a worker that waits asks whether another has failed; how long one that failed waits until the others
    // have heard it; and until one that was heard has said it, which only a busy machine holds up.
    static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(1), s_hearing = TimeSpan.FromSeconds(5),
        s_saying = TimeSpan.FromSeconds(30);

    readonly MpiLibrary _mpi;
    readonly MessageTable _messages = new();
    readonly List<nint> _last = [];
    readonly Patience _patience;
    nint[] _requests = new nint[16];
    WorkerException? _broken;
    long _looked;
    bool _hasFailed, _isDisposed, _isFinalized, _isHeard;
    // Who has not said yet that it is about to end.
    List<(int Other, nint Request)> _heard = [];

    MpiTransport(MpiLibrary mpi, MpiLaunch launch)
    {
        _mpi = mpi;
        int rank, size;
        Expect(mpi.CommRank(mpi.World, &rank), "tell the number of this process");
        Expect(mpi.CommSize(mpi.World, &size), "tell the number of processes");
        (Rank, Size) = (rank, size);
        if (launch.Workers > 0 && size != launch.Workers)
        {
            _ = mpi.Finalize();
            throw new WorkerException($"MPI: {launch.Name} started {launch.Workers} processes, and {mpi.Name} in this "
                + $"one knows of {size}: it is the library of another mpirun: start the workers with the mpirun of "
                + mpi.Name);
        }
        Expect(mpi.SetErrorHandler(mpi.World, mpi.ErrorsReturn), "say its errors");
        _patience = new(WorkersHere(size));
        AppDomain.CurrentDomain.ProcessExit += End;
    }

    public override int Rank { get; }

    public override int Size { get; }

    public override string Name => _mpi.Name;

    /// <summary>Begins: a process does so once.</summary>
    public static MpiTransport Begin(MpiLibrary mpi, MpiLaunch launch)
    {
        int begun, provided;
        if (mpi.Initialized(&begun) == 0 && begun != 0)
            throw new InvalidOperationException("MPI: this process has joined before: it can do so once, since a "
                + "library of MPI cannot begin again");
        int code = mpi.InitThread(null, null, mpi.Funneled, &provided);
        if (code != 0)
            throw new WorkerException($"MPI: {mpi.Name} cannot begin: {Printable.Of(mpi.Meaning(code), 200)}");
        return new(mpi, launch);
    }

    public override int Send(int to, int tag, byte* data, int bytes)
    {
        CheckMessage("send", to, nameof(to), tag, bytes);
        Check();
        BytesSent += bytes;
        var message = Begin(to, tag, data, bytes, isSent: true);
        fixed (nint* request = &_requests[message.Number])
            Expect(_mpi.Isend(data, bytes, _mpi.Byte, to, tag, _mpi.World, request), $"send to worker {to}");
        return message.Number;
    }

    public override int Receive(int from, int tag, byte* data, int bytes)
    {
        CheckMessage("receive", from, nameof(from), tag, bytes);
        Check();
        var message = Begin(from, tag, data, bytes, isSent: false);
        fixed (nint* request = &_requests[message.Number])
            Expect(_mpi.Irecv(data, bytes, _mpi.Byte, from, tag, _mpi.World, request), $"receive from worker {from}");
        return message.Number;
    }

    public override bool IsDone(int request)
    {
        Check();
        var message = _messages.Of(request);
        byte* status = stackalloc byte[MpiLibrary.StatusBytes];
        int isDone;
        fixed (nint* handle = &_requests[request])
            Expect(_mpi.Test(handle, &isDone, status), $"wait for worker {message.Other}");
        if (isDone == 0)
        {
            LookNowAndThen();
            return false;
        }
        _patience.Renew();
        _messages.Forget(message);
        if (message.IsSent) return true;
        int bytes;
        Expect(_mpi.GetCount(status, _mpi.Byte, &bytes), $"count the bytes of worker {message.Other}");
        if (bytes != message.Bytes)
            throw new InvalidOperationException($"receive: worker {message.Other} sent {bytes} bytes with tag "
                + $"{message.Tag}, and {message.Bytes} were asked for: both sides must name the same number");
        return true;
    }

    public override void Pause(int times)
    {
        if (times <= 0) _patience.Renew();
        _patience.Wait();
    }

    public override void Fail(string sentence)
    {
        if (_hasFailed || _isDisposed) return;
        _hasFailed = true;
        byte[] text = Encoding.UTF8.GetBytes(
            Printable.Message(string.IsNullOrEmpty(sentence) ? "it did not say why" : sentence));
        // The library reads it until the process ends.
        byte* kept = (byte*)NativeMemory.Alloc((nuint)text.Length);
        text.CopyTo(new Span<byte>(kept, text.Length));
        for (int other = 0; other < Size; other++)
        {
            nint request;
            if (other != Rank
                && _mpi.Isend(kept, text.Length, _mpi.Byte, other, FailureTag, _mpi.World, &request) == 0)
                _last.Add(request);
        }
    }

    public override void Conclude(Action say)
    {
        Throw.IfNull(say, "conclude");
        // What the library itself refuses is known to this worker alone.
        bool isShared = _hasFailed || _broken is not null;
        if (isShared) AwaitHearing();
        int first = Enumerable.Range(0, Size).First(rank => rank == Rank || _heard.All(one => one.Other != rank));
        if (!isShared || first == Rank) say();
        if (!isShared) return;
        // Nobody ends before it is said.
        AwaitSaying(first);
    }

    /// <summary>
    /// Ends what was begun, together with all others. Where a worker failed there is no such end: the others are given
    /// a moment to hear of it, and mpirun ends them when this process ends.
    /// </summary>
    public override void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (_hasFailed || _broken is not null)
        {
            if (!_isHeard) AwaitHearing();
            return;
        }
        AppDomain.CurrentDomain.ProcessExit -= End;
        _isFinalized = true;
        _ = _mpi.Finalize();
    }

    static int WorkersHere(int size) =>
        int.TryParse(Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_LOCAL_SIZE")
            ?? Environment.GetEnvironmentVariable("MPI_LOCALNRANKS"), NumberStyles.None, CultureInfo.InvariantCulture,
            out int here) && here > 0 ? here : size;

    Message Begin(int other, int tag, byte* data, int bytes, bool isSent)
    {
        var message = _messages.Begin(other, tag, data, bytes);
        message.IsSent = isSent;
        if (message.Number >= _requests.Length) Array.Resize(ref _requests, 2 * _requests.Length);
        return message;
    }

    void Check()
    {
        if (_isDisposed)
            throw new InvalidOperationException("MPI: this worker has left: it can send no more, nor receive");
        if (_broken is not null) throw new WorkerException(_broken.Rank, _broken.Message, _broken.IsGone);
    }

    void Expect(int code, string asked)
    {
        if (code != 0)
            throw new WorkerException($"MPI: {_mpi.Name} cannot {asked}: {Printable.Of(_mpi.Meaning(code), 200)}");
    }

    void LookNowAndThen()
    {
        if (Stopwatch.GetElapsedTime(_looked) < s_look) return;
        _looked = Stopwatch.GetTimestamp();
        byte* status = stackalloc byte[MpiLibrary.StatusBytes];
        int isThere, bytes;
        Expect(_mpi.Iprobe(_mpi.AnySource, FailureTag, _mpi.World, &isThere, status), "ask whether a worker failed");
        if (isThere == 0) return;
        Expect(_mpi.GetCount(status, _mpi.Byte, &bytes), "count the bytes of a sentence");
        int from = _mpi.Source(status);
        byte[] text = new byte[bytes];
        fixed (byte* data = text)
        {
            nint request;
            Expect(_mpi.Irecv(data, bytes, _mpi.Byte, from, FailureTag, _mpi.World, &request), "receive a sentence");
            int isDone;
            do Expect(_mpi.Test(&request, &isDone, status), "receive a sentence"); while (isDone == 0);
        }
        _broken = new(from, Encoding.UTF8.GetString(text), isGone: false);
        CancelReceives();
        Check();
    }

    void CancelReceives()
    {
        foreach (var message in _messages.Used)
        {
            if (message.IsSent) continue;
            fixed (nint* request = &_requests[message.Number]) _ = _mpi.Cancel(request);
        }
        _messages.ForgetAll();
    }

    // All tell all that they are about to end. Who ended at once would have mpirun kill those who have not heard yet.
    void AwaitHearing()
    {
        _heard = [];
        for (int other = 0; other < Size; other++)
        {
            if (other == Rank) continue;
            nint request;
            if (_mpi.Isend(null, 0, _mpi.Byte, other, EndTag, _mpi.World, &request) == 0) _last.Add(request);
            if (_mpi.Irecv(null, 0, _mpi.Byte, other, EndTag, _mpi.World, &request) == 0) _heard.Add((other, request));
        }
        Await(s_hearing);
        _isHeard = true;
    }

    void AwaitSaying(int first)
    {
        _heard = [];
        nint request;
        for (int other = 0; other < Size && first == Rank; other++)
        {
            if (other != Rank && _mpi.Isend(null, 0, _mpi.Byte, other, SaidTag, _mpi.World, &request) == 0)
                _last.Add(request);
        }
        if (first != Rank && _mpi.Irecv(null, 0, _mpi.Byte, first, SaidTag, _mpi.World, &request) == 0)
            _heard.Add((first, request));
        Await(s_saying);
    }

    // Until all is sent and heard, or for so long: the others may have been ended.
    void Await(TimeSpan limit)
    {
        long began = Stopwatch.GetTimestamp();
        byte* status = stackalloc byte[MpiLibrary.StatusBytes];
        while (_last.Count + _heard.Count > 0 && Stopwatch.GetElapsedTime(began) < limit)
        {
            for (int i = _last.Count - 1; i >= 0; i--)
            {
                if (IsOver(_last[i], out nint request)) _last.RemoveAt(i);
                else _last[i] = request;
            }
            for (int i = _heard.Count - 1; i >= 0; i--)
            {
                if (IsOver(_heard[i].Request, out nint request)) _heard.RemoveAt(i);
                else _heard[i] = (_heard[i].Other, request);
            }
            _patience.Wait();
        }

        bool IsOver(nint request, out nint left)
        {
            int isDone;
            bool isOver = _mpi.Test(&request, &isDone, status) != 0 || isDone != 0;
            left = request;
            return isOver;
        }
    }

    // A process that ends without having ended MPI takes the others along: they would wait for it.
    void End(object? sender, EventArgs e)
    {
        if (!_isFinalized) _ = _mpi.Abort(_mpi.World, Environment.ExitCode == 0 ? 1 : Environment.ExitCode);
    }
}
