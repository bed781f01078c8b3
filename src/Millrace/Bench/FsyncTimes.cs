namespace Millrace.Bench;

/// <summary>What the disk under the data directory takes for one fsync of 4 KiB: the floor under every latency here.</summary>
internal sealed record FsyncTimes(double P50, double P99);
