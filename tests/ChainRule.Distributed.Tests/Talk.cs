namespace ChainRule.Distributed.Tests;

/// <summary>A worker that exchanges with all others until somebody asks to stop, whoever of them dies.</summary>
static class Talk
{
    public static void Run(string path, int rank)
    {
        using var transport = SharedMemory.Join(path, rank);
        Program.Say("joined");
        for (int step = 0; ; step++)
        {
            try
            {
                // From a few bytes to more than a ring; all stop after the same step, since all hear the same words.
                int[] words = Exchange.Run(transport, step, 8 + step * 7919 % 1_300_000,
                    transport.IsStopRequested ? 1 : 0);
                transport.WriteStatus(new(step + 1, 0, 0, 0, transport.BytesSent));
                if (words.Contains(1)) break;
            }
            catch (WorkerException e) when (e.IsGone)
            {
                Regroup(transport);
                step = -1;
            }
        }
        Program.Say($"stopped as worker {transport.Rank} of {transport.Size}");
    }

    static void Regroup(SharedMemory transport)
    {
        transport.Regroup();
        Program.Say($"regrouped {transport.Size}");
    }
}
