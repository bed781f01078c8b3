namespace Millrace.Pipeline;

/// <summary>One committed transaction of a partition.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="From">The first offset that it covers.</param>
/// <param name="To">One past the last.</param>
/// <param name="Inserted">New rows.</param>
/// <param name="Duplicates">Events whose id was there already.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="Parked">Events that wait for their user.</param>
public readonly record struct FlushReport(int Partition, long From, long To, int Inserted, int Duplicates, int Dead, int Parked);
