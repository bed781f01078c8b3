using Millrace.Broker.Topics;

namespace Millrace.Broker.Groups.Consumer;

/// <summary>The topics of the broker.</summary>
internal sealed class CatalogTopicShapes(TopicCatalog topics) : ITopicShapes
{
    public long Version => topics.Version;

    public IEnumerable<string> Names => topics.All.Select(t => t.Name);

    public TopicShape? Find(string name) => ShapeOf(topics.Find(name));

    public TopicShape? Find(Guid id) => ShapeOf(topics.Find(id));

    private static TopicShape? ShapeOf(Topic? topic) => topic is null ? null : new TopicShape(topic.Id, topic.Name, topic.Partitions.Length);
}
