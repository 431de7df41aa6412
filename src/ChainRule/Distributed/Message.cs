namespace ChainRule.Distributed;

/// <summary>A message that is sent, or received, and how much of it has been moved.</summary>
sealed unsafe class Message
{
    /// <summary>Its number; the object is used again when the message is forgotten.</summary>
    public required int Number { get; init; }

    /// <summary>The other worker.</summary>
    public int Other { get; set; }

    public int Tag { get; set; }

    public byte* Data { get; set; }

    public int Bytes { get; set; }

    public int Moved { get; set; }

    /// <summary>Whether it goes to the other, or comes from there.</summary>
    public bool IsSent { get; set; }

    /// <summary>Whether its head has been written, or read.</summary>
    public bool IsBegun { get; set; }

    /// <summary>Whether it was asked for and is not forgotten.</summary>
    public bool IsUsed { get; set; }

    public bool IsDone => IsBegun && Moved == Bytes;
}

/// <summary>All messages that were begun, by number.</summary>
sealed unsafe class MessageTable
{
    readonly List<Message> _all = [];
    readonly Stack<Message> _unused = new();

    /// <summary>Those that were begun and not asked about since.</summary>
    public IEnumerable<Message> Used => _all.Where(message => message.IsUsed);

    /// <summary>A new one.</summary>
    public Message Begin(int other, int tag, byte* data, int bytes)
    {
        if (!_unused.TryPop(out var message))
        {
            message = new() { Number = _all.Count };
            _all.Add(message);
        }
        (message.Other, message.Tag, message.Bytes) = (other, tag, bytes);
        message.Data = data;
        (message.Moved, message.IsBegun, message.IsUsed) = (0, false, true);
        return message;
    }

    /// <summary>The one of that number.</summary>
    public Message Of(int request)
    {
        if ((uint)request >= (uint)_all.Count || !_all[request].IsUsed)
            Throw.OutOfRange($"is done: {request} is no message that was begun, or it was done before: give what Send "
                + "or Receive gave", nameof(request));
        return _all[request];
    }

    public void Forget(Message message)
    {
        message.IsUsed = false;
        _unused.Push(message);
    }

    public void ForgetAll()
    {
        foreach (var message in _all)
        {
            if (message.IsUsed) Forget(message);
        }
    }
}
