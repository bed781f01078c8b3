namespace Millrace.Broker.Groups.Consumer;

internal sealed partial class ConsumerGroup
{
    /// <summary>The topics that somebody reads and that are there, as they were when they were last looked at.</summary>
    private Dictionary<Guid, TopicShape> _subscribed = [];

    /// <summary>The expressions of the members, replaced as a whole: they are matched without the lock.</summary>
    private volatile SubscriptionPattern[] _patterns = [];

    private long _topicsVersion = -1;
    private TimeSpan _nextAssignment;

    /// <summary>
    /// Matches expressions that have not seen the topics as they are. Not under the lock, since that takes as long as there are topics and as the
    /// expressions like.
    /// </summary>
    private void MatchPatterns(SubscriptionPattern? joining)
    {
        var version = _topics.Version;
        List<string>? names = null;
        foreach (var pattern in joining is null ? _patterns : [.. _patterns, joining])
        {
            if (pattern.Matches.Version != version)
                pattern.Match(version, names ??= [.. _topics.Names]);
        }
    }

    /// <summary>Looks at the topics again if a subscription or any topic has changed.</summary>
    /// <returns>Whether a topic that somebody reads has come, gone, or got more partitions.</returns>
    private bool RefreshTopics(bool subscriptionChanged)
    {
        var version = _topics.Version;
        if (version == _topicsVersion && !subscriptionChanged)
            return false;

        var before = _subscribed;
        _subscribed = [];
        var patterns = new HashSet<SubscriptionPattern>();
        foreach (var member in _members.Values)
        {
            var ids = new HashSet<Guid>();
            Resolve(member.TopicNames);
            if (member.Pattern is { } pattern)
            {
                patterns.Add(pattern);
                Resolve(pattern.Matches.Names);
            }

            member.Topics = ids;

            void Resolve(IEnumerable<string> wanted)
            {
                foreach (var name in wanted)
                {
                    if (_topics.Find(name) is not { } shape)
                        continue;
                    ids.Add(shape.Id);
                    _subscribed[shape.Id] = shape;
                }
            }
        }

        _patterns = [.. patterns];
        // A topic may have come since they were matched: then the next heartbeat looks again.
        _topicsVersion = patterns.Select(p => p.Matches.Version).Append(version).Min();
        return before.Count != _subscribed.Count || before.Any(t => !_subscribed.TryGetValue(t.Key, out var now) || now != t.Value);
    }

    /// <summary>Makes the assignment for the group's epoch.</summary>
    private void Assign()
    {
        List<ConsumerMember> members = [.. _members.Values.OrderBy(m => m.Id, StringComparer.Ordinal)];
        var targets = Assignors.Assign(
            PreferredAssignor(),
            new AssignmentProblem(
                members.ConvertAll(m => new AssignmentMember(m.Id, m.InstanceId, m.Topics, m.Target)),
                _subscribed.ToDictionary(t => t.Key, t => t.Value.Partitions)));
        foreach (var (member, target) in members.Zip(targets))
            member.Target = target;
        _assignmentEpoch = _epoch;
        _nextAssignment = Now + _limits.AssignmentInterval;
    }

    /// <summary>The one that most members ask for; nobody has to.</summary>
    private string PreferredAssignor() =>
        _members.Values.Where(m => m.Assignor is not null)
            .GroupBy(m => m.Assignor!, StringComparer.Ordinal)
            .OrderByDescending(votes => votes.Count())
            .ThenBy(votes => Array.IndexOf(_limits.Assignors, votes.Key))
            .FirstOrDefault()?.Key ?? _limits.Assignors[0];
}
