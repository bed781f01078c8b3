using Millrace.Protocol;

namespace Millrace.Broker.Apis;

/// <summary>How a producer is told that another one has taken its place.</summary>
internal static class Fencing
{
    /// <summary>PRODUCER_FENCED came with a later version of each API; clients of the earlier ones know INVALID_PRODUCER_EPOCH.</summary>
    public static ErrorCode ForVersion(ErrorCode error, short version, short since) =>
        error is ErrorCode.ProducerFenced && version < since ? ErrorCode.InvalidProducerEpoch : error;
}
