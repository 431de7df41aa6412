using System.Text.Json;
using ChainRule.Lab.Playground;
using ChainRule.Lab.Sessions;

namespace ChainRule.Lab.Tests.Playground;

/// <summary>Asks a session as a host does, through bytes.</summary>
static class Asked
{
    public static (T Answer, byte[] Bytes, int Start) Of<T>(LabSession session, PlaygroundRequest request)
        where T : PlaygroundAnswer
    {
        byte[] bytes = session.Answer(JsonSerializer.SerializeToUtf8Bytes(request,
            PlaygroundJson.Default.PlaygroundRequest));
        var (json, start) = LabReply.Read(bytes);
        return ((T)JsonSerializer.Deserialize(json.Span, PlaygroundJson.Default.PlaygroundAnswer)!, bytes, start);
    }

    public static FrameAnswer Frame(LabSession session, PlaygroundRequest request) =>
        Of<FrameAnswer>(session, request).Answer;

    public static float[] Weights(LabSession session)
    {
        var (frame, bytes, start) = Of<FrameAnswer>(session, new FrameRequest(0));
        return [.. Enumerable.Range(0, frame.Weights!.Count)
            .Select(i => BitConverter.ToSingle(bytes, start + frame.Weights.At + 4 * i))];
    }
}
