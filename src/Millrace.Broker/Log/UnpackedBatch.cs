namespace Millrace.Broker.Log;

/// <summary>What the broker is ready to unpack where it has to look inside a batch.</summary>
internal static class UnpackedBatch
{
    /// <summary>More than any sane batch unpacks to; a batch that is made to unpack to more cannot take the memory.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;
}
