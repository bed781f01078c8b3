using Millrace.Protocol;

namespace Millrace.Broker.Log;

/// <summary>One node leads every partition for ever, so its epoch never changes.</summary>
internal static class LeaderEpoch
{
    public const int Constant = 0;

    /// <summary>Whether the epoch that a client believes in is ours; -1 asks for no check.</summary>
    public static ErrorCode Check(int believed) => believed switch
    {
        -1 or Constant => ErrorCode.None,
        < Constant => ErrorCode.FencedLeaderEpoch,
        > Constant => ErrorCode.UnknownLeaderEpoch,
    };
}
