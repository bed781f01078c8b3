namespace Millrace.Broker.Groups.Consumer;

/// <summary>What an assignment depends on in a topic.</summary>
internal readonly record struct TopicShape(Guid Id, string Name, int Partitions);

/// <summary>A partition by its topic's id: a topic that was deleted and made again is another one.</summary>
internal readonly record struct TopicIdPartition(Guid Topic, int Partition);

/// <summary>Where groups learn of topics. A test of a group has its own.</summary>
internal interface ITopicShapes
{
    /// <summary>Changes when something that can be asked for here has changed. Read before it is asked.</summary>
    long Version { get; }

    IEnumerable<string> Names { get; }

    TopicShape? Find(string name);

    TopicShape? Find(Guid id);
}
