using Microsoft.Extensions.Time.Testing;
using Millrace.Broker.Groups.Consumer;
using Millrace.Protocol;

namespace Millrace.Broker.Tests.Groups.Consumer;

/// <summary>The state machine of a group of the new protocol alone, in fake time, over topics that a test makes.</summary>
public abstract class ConsumerGroupTestBase : IDisposable
{
    private protected static readonly TimeSpan Session = TimeSpan.FromSeconds(45);
    private protected static readonly TimeSpan Rebalance = TimeSpan.FromSeconds(30);

    private protected readonly FakeTimeProvider _time = new();
    private protected readonly FakeTopics _topics = new();
    private protected ConsumerGroup _group;

    protected ConsumerGroupTestBase()
    {
        _topics.Add("t", 3);
        _topics.Add("u", 2);
        _group = NewGroup();
    }

    public void Dispose() => _group.Dispose();

    private protected ConsumerGroup NewGroup(Func<ConsumerGroupLimits, ConsumerGroupLimits>? change = null)
    {
        var limits = new ConsumerGroupLimits
        {
            SessionTimeout = Session,
            HeartbeatInterval = TimeSpan.FromSeconds(5),
            AssignmentInterval = TimeSpan.Zero,
            MaxMembers = 3,
            Assignors = ["uniform", "range"],
        };
        return new ConsumerGroup("g", change?.Invoke(limits) ?? limits, _topics, _time);
    }

    private protected static ConsumerHeartbeat Beat(string member, int epoch, IEnumerable<TopicIdPartition>? owned = null) => new()
    {
        MemberId = member,
        MemberEpoch = epoch,
        InstanceId = null,
        RackId = null,
        ClientId = "client",
        ClientHost = "/127.0.0.1",
        RebalanceTimeout = null,
        TopicNames = null,
        Pattern = null,
        Assignor = null,
        Owned = owned?.ToHashSet(),
    };

    private protected static ConsumerHeartbeat Joining(string member, params string[] topics) =>
        Beat(member, 0, []) with { RebalanceTimeout = Rebalance, TopicNames = topics.ToHashSet() };

    /// <summary>Joins and is told what it may have.</summary>
    private protected Client Join(string member, params string[] topics) => Join(Joining(member, topics));

    private protected Client Join(ConsumerHeartbeat joining)
    {
        var client = new Client(this, joining.MemberId, joining.InstanceId);
        client.Send(joining);
        return client;
    }

    /// <summary>Every member calls and does what it is told, until nobody is told anything new.</summary>
    private protected void Settle(params Client[] clients)
    {
        var rounds = 0;
        do
        {
            Assert.True(rounds++ < 20, "the group does not come to rest");
            foreach (var client in clients)
                client.Follow();
        }
        while (_group.View().State is not ConsumerGroupState.Stable);

        AssertNoPartitionIsOwnedTwice(clients);
    }

    private protected static void AssertNoPartitionIsOwnedTwice(params Client[] clients)
    {
        var owned = clients.SelectMany(c => c.Owned).ToList();
        Assert.Equal(owned.Count, owned.Distinct().Count());
    }

    private protected TopicIdPartition Partition(string topic, int partition) => new(_topics.Find(topic)!.Value.Id, partition);

    /// <summary>A client of the group that does what a consumer does: owns what it was told, says so, gives up when it is asked to.</summary>
    private protected sealed class Client(ConsumerGroupTestBase test, string id, string? instance)
    {
        public string Id => id;

        public int Epoch { get; private set; }

        public HashSet<TopicIdPartition> Owned { get; private set; } = [];

        /// <summary>What it was told last to have; it has it once it follows.</summary>
        public HashSet<TopicIdPartition> Told { get; private set; } = [];

        public ConsumerHeartbeatResult Send(ConsumerHeartbeat beat)
        {
            var result = test._group.Heartbeat(beat);
            if (result.Error is ErrorCode.None)
                Epoch = result.MemberEpoch;
            if (result.Assignment is not null)
            {
                Told = [.. result.Assignment];
                // What is new it takes at once; what is gone it gives up when it follows.
                Owned.UnionWith(Told);
            }

            return result;
        }

        /// <summary>A heartbeat that says nothing.</summary>
        public ConsumerHeartbeatResult Call() => Send(Beat(id, Epoch) with { InstanceId = instance });

        /// <summary>Gives up what it is not to have any more, and says so.</summary>
        public ConsumerHeartbeatResult Follow()
        {
            Owned.IntersectWith(Told);
            return Send(Beat(id, Epoch, Owned) with { InstanceId = instance });
        }

        public ConsumerHeartbeatResult Leave(int epoch = ConsumerHeartbeat.Leaves)
        {
            Owned = [];
            return test._group.Leave(Beat(id, epoch) with { InstanceId = instance });
        }
    }

    private protected sealed class FakeTopics : ITopicShapes
    {
        private readonly Dictionary<string, TopicShape> _byName = [];

        public long Version { get; private set; }

        /// <summary>Called when the names are asked for, behind those that are given.</summary>
        public Action Listing { get; set; } = () => { };

        public IEnumerable<string> Names
        {
            get
            {
                List<string> names = [.. _byName.Keys];
                Listing();
                return names;
            }
        }

        public TopicShape? Find(string name) => _byName.TryGetValue(name, out var shape) ? shape : null;

        public TopicShape? Find(Guid id) => _byName.Values.Where(t => t.Id == id).Select(t => (TopicShape?)t).FirstOrDefault();

        public void Add(string name, int partitions)
        {
            _byName[name] = new TopicShape(Guid.NewGuid(), name, partitions);
            Version++;
        }

        public void Grow(string name, int partitions)
        {
            _byName[name] = _byName[name] with { Partitions = partitions };
            Version++;
        }

        public void Delete(string name)
        {
            _byName.Remove(name);
            Version++;
        }
    }
}
