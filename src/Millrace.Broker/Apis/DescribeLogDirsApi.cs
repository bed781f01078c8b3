using Millrace.Broker.Topics;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// DescribeLogDirs, versions 1 to 4: the data directory, the bytes of each partition in it, and (4 on) the size of its disk and what of it is
/// free. As Kafka: a partition that is not there is left out.
/// </summary>
internal sealed class DescribeLogDirsApi(BrokerServices services)
    : Api<DescribeLogDirsRequest, DescribeLogDirsResponse>(minVersion: 1, maxVersion: 4)
{
    protected override ValueTask<DescribeLogDirsResponse?> HandleAsync(DescribeLogDirsRequest request, RequestContext context)
    {
        var wanted = request.Topics is { } some
            ? some.Select(t => (Topic: services.Topics.Find(t.Topic), Partitions: (IEnumerable<int>)t.Partitions)).Where(t => t.Topic is not null)
            : services.Topics.All.Select(t => (Topic: (Topic?)t, Partitions: Enumerable.Range(0, t.Partitions.Length)));
        var disk = new DriveInfo(Path.GetFullPath(services.Settings.DataDirectory));
        return ValueTask.FromResult<DescribeLogDirsResponse?>(new()
        {
            Results =
            [
                new()
                {
                    LogDir = services.Settings.DataDirectory,
                    TotalBytes = disk.TotalSize,
                    UsableBytes = disk.AvailableFreeSpace,
                    Topics = [.. wanted.Select(t => Describe(t.Topic!, t.Partitions))],
                },
            ],
        });
    }

    private static DescribeLogDirsResponse.DescribeLogDirsTopic Describe(Topic topic, IEnumerable<int> partitions) => new()
    {
        Name = topic.Name,
        Partitions =
        [
            .. partitions.Where(p => topic.Partition(p) is not null).Select(p => new DescribeLogDirsResponse.DescribeLogDirsPartition
            {
                PartitionIndex = p, PartitionSize = topic.Partition(p)!.TotalBytes,
            }),
        ],
    };
}
