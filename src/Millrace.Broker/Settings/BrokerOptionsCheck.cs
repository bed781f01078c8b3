using System.Net;
using System.Runtime.CompilerServices;
using Millrace.Broker.Groups.Consumer;
using Millrace.Broker.Security;
using Millrace.Broker.Topics;

namespace Millrace.Broker;

/// <summary>Checks the options, all of them before it complains.</summary>
internal sealed class BrokerOptionsCheck
{
    private readonly List<string> _errors = [];

    /// <exception cref="BrokerStartException">With every error, each naming its option.</exception>
    public static BrokerSettings ToSettings(BrokerOptions options)
    {
        var check = new BrokerOptionsCheck();
        // The table is compiled for who has some.
        if (options.Settings.Count > 0)
            check._errors.AddRange(KafkaSettings.Apply(options));
        var settings = check.Settings(options);
        if (check._errors.Count > 0)
            throw new BrokerStartException("The broker's options are wrong: " + string.Join("; ", check._errors) + ".");
        return settings;
    }

    private BrokerSettings Settings(BrokerOptions o)
    {
        var isLocalhost = o.Host == "localhost";
        if (!IPAddress.TryParse(isLocalhost ? "127.0.0.1" : o.Host, out var address))
        {
            _errors.Add($"Host is \"{o.Host}\", which is neither an IP address nor \"localhost\"");
            address = IPAddress.Loopback;
        }

        var isWildcard = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        if (isWildcard && string.IsNullOrEmpty(o.AdvertisedHost))
            _errors.Add($"AdvertisedHost is required when Host is {o.Host}: clients cannot connect to that");
        if (o.DataDirectory is not null && string.IsNullOrWhiteSpace(o.DataDirectory))
            _errors.Add("DataDirectory is empty");
        if (!IPAddress.IsLoopback(address) && o.Users.Count == 0 && !o.AllowUnauthenticated)
        {
            _errors.Add(
                $"Host is {o.Host}, which other machines reach, and nobody has to log in: give users, listen on 127.0.0.1, or allow it (AllowUnauthenticated; --insecure)");
        }

        string[] known = [Logins.Plain, Logins.ScramSha256, Logins.ScramSha512];
        foreach (var mechanism in o.SaslMechanisms.Where(m => !known.Contains(m)))
            _errors.Add($"SaslMechanisms has {mechanism}, it may have {string.Join(", ", known)}");
        if (o.SaslMechanisms.Count == 0 && o.Users.Count > 0)
            _errors.Add("SaslMechanisms is empty, so that no user could log in");
        foreach (var user in o.Users.Where(u => u.Key.Length == 0 || u.Value.Password.Length == 0))
            _errors.Add($"Users has the user \"{user.Key}\", whose name or password is empty");
        if (o.GroupMinSessionTimeout > o.GroupMaxSessionTimeout)
            _errors.Add($"GroupMinSessionTimeout ({o.GroupMinSessionTimeout}) is more than GroupMaxSessionTimeout ({o.GroupMaxSessionTimeout})");
        CheckConsumerGroups(o);
        if (o.MaxRequestBytes < o.MaxMessageBytes)
            _errors.Add($"MaxRequestBytes ({o.MaxRequestBytes}) is less than MaxMessageBytes ({o.MaxMessageBytes})");

        if (o.MaxBufferedBytes < 2L * o.MaxRequestBytes || o.MaxBufferedBytes < 2L * o.MaxFetchBytes)
            _errors.Add($"MaxBufferedBytes ({o.MaxBufferedBytes}) is less than twice MaxRequestBytes or MaxFetchBytes: a single client could use it up");

        return new BrokerSettings
        {
            DataDirectory = o.DataDirectory ?? TemporaryDirectory.NewPath(),
            IsTemporary = o.DataDirectory is null,
            Given = o.Settings.Keys.ToHashSet(StringComparer.Ordinal),
            Address = address,
            AlsoIPv6Loopback = address.Equals(IPAddress.Loopback),
            Port = Between(o.Port, 0, 65_535),
            AdvertisedHost = string.IsNullOrEmpty(o.AdvertisedHost) ? address.ToString() : o.AdvertisedHost,
            AdvertisedPort = o.AdvertisedPort is { } advertised ? Between(advertised, 1, 65_535, "o.AdvertisedPort") : null,
            DefaultPartitions = Between(o.DefaultPartitions, 1, o.MaxPartitions),
            AutoCreateTopics = o.AutoCreateTopics,
            GroupInitialRebalanceDelay = Between(o.GroupInitialRebalanceDelay, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
            GroupMinSessionTimeout = Between(o.GroupMinSessionTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(7)),
            GroupMaxSessionTimeout = Between(o.GroupMaxSessionTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(7)),
            ConsumerGroupSessionTimeout = o.ConsumerGroupSessionTimeout,
            ConsumerGroupMinSessionTimeout = Between(o.ConsumerGroupMinSessionTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(7)),
            ConsumerGroupMaxSessionTimeout = Between(o.ConsumerGroupMaxSessionTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(7)),
            ConsumerGroupHeartbeatInterval = o.ConsumerGroupHeartbeatInterval,
            ConsumerGroupMinHeartbeatInterval = Between(o.ConsumerGroupMinHeartbeatInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(7)),
            ConsumerGroupMaxHeartbeatInterval = Between(o.ConsumerGroupMaxHeartbeatInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(7)),
            ConsumerGroupAssignmentInterval = o.ConsumerGroupAssignmentInterval,
            ConsumerGroupMinAssignmentInterval = Between(o.ConsumerGroupMinAssignmentInterval, TimeSpan.Zero, TimeSpan.FromDays(7)),
            ConsumerGroupMaxAssignmentInterval = Between(o.ConsumerGroupMaxAssignmentInterval, TimeSpan.Zero, TimeSpan.FromDays(7)),
            MaxConsumerGroupMembers = Between(o.MaxConsumerGroupMembers, 1, 100_000),
            ConsumerGroupAssignors = [.. o.ConsumerGroupAssignors],
            MaxMessageBytes = Between(o.MaxMessageBytes, 1_024, 1024 * 1024 * 1024),
            SegmentBytes = Between(o.SegmentBytes, 4_096, 1024 * 1024 * 1024),
            SegmentAge = Between(o.SegmentAge, TimeSpan.FromSeconds(1), TimeSpan.FromDays(36_500)),
            LogRetention = OrForEver(o.LogRetention),
            LogRetentionBytes = Between(o.LogRetentionBytes, -1, long.MaxValue),
            LogRetentionCheckInterval = Between(o.LogRetentionCheckInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(40)),
            LogCleanupPolicy = Checked(o.LogCleanupPolicy, TopicConfigKeys.CleanupPolicy),
            LogCleanerBackoff = Between(o.LogCleanerBackoff, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(40)),
            LogCleanerDeleteRetention = OrForEver(o.LogCleanerDeleteRetention),
            LogCleanerDedupeBufferBytes = Between(o.LogCleanerDedupeBufferBytes, 1024 * 1024, long.MaxValue),
            LogCleanerIoBufferBytes = Between(o.LogCleanerIoBufferBytes, 4_096, 1024 * 1024 * 1024),
            LogMessageTimestampType = Checked(o.LogMessageTimestampType, TopicConfigKeys.TimestampType),
            LogFlushPolicy = Checked(o.LogFlushPolicy, TopicConfigKeys.FlushPolicy),
            TransactionMaxTimeout = Between(o.TransactionMaxTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(24)),
            TransactionalIdExpiration = Between(o.TransactionalIdExpiration, TimeSpan.FromSeconds(1), TimeSpan.FromDays(36_500)),
            MaxRequestBytes = Between(o.MaxRequestBytes, 64 * 1024, 1024 * 1024 * 1024),
            MaxFetchBytes = Between(o.MaxFetchBytes, 1_024, 1024 * 1024 * 1024),
            MaxBufferedBytes = Between(o.MaxBufferedBytes, 1024 * 1024, long.MaxValue),
            MaxConnections = Between(o.MaxConnections, 1, 1_000_000),
            SlowClientTimeout = Between(o.SlowClientTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            IdleConnectionTimeout = Between(o.IdleConnectionTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)),
            MaxPartitions = Between(o.MaxPartitions, 1, 1_000_000),
            MaxGroups = Between(o.MaxGroups, 1, 1_000_000),
            MaxGroupMembers = Between(o.MaxGroupMembers, 1, 100_000),
            OffsetsRetention = Between(o.OffsetsRetention, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
            MaxProducersPerPartition = Between(o.MaxProducersPerPartition, 1, 1_000_000),
            Users = o.Users.ToDictionary(StringComparer.Ordinal),
            SaslMechanisms = [.. o.SaslMechanisms],
            TlsFile = o.TlsFile,
            TlsPassword = o.TlsPassword,
            Time = o.TimeProvider,
        };
    }

    private void CheckConsumerGroups(BrokerOptions o)
    {
        Between(o.ConsumerGroupSessionTimeout, o.ConsumerGroupMinSessionTimeout, o.ConsumerGroupMaxSessionTimeout);
        Between(o.ConsumerGroupHeartbeatInterval, o.ConsumerGroupMinHeartbeatInterval, o.ConsumerGroupMaxHeartbeatInterval);
        Between(o.ConsumerGroupAssignmentInterval, o.ConsumerGroupMinAssignmentInterval, o.ConsumerGroupMaxAssignmentInterval);
        if (o.ConsumerGroupHeartbeatInterval >= o.ConsumerGroupSessionTimeout)
            _errors.Add($"ConsumerGroupHeartbeatInterval ({o.ConsumerGroupHeartbeatInterval}) is not less than ConsumerGroupSessionTimeout ({o.ConsumerGroupSessionTimeout})");
        foreach (var assignor in o.ConsumerGroupAssignors.Where(a => !Assignors.Names.Contains(a)))
            _errors.Add($"ConsumerGroupAssignors has {assignor}, it may have {string.Join(", ", Assignors.Names)}");
        if (o.ConsumerGroupAssignors.Count == 0)
            _errors.Add("ConsumerGroupAssignors is empty");
    }

    private TimeSpan OrForEver(TimeSpan value, [CallerArgumentExpression(nameof(value))] string expression = "") =>
        value == Timeout.InfiniteTimeSpan ? value : Between(value, TimeSpan.Zero, TimeSpan.FromDays(36_500), expression);

    private string Checked(string value, TopicConfigKey key, [CallerArgumentExpression(nameof(value))] string expression = "")
    {
        if (!key.IsValid(value))
            _errors.Add($"{expression["o.".Length..]} is \"{value}\", it must be {key.Expected}");
        return value;
    }

    private T Between<T>(T value, T low, T high, [CallerArgumentExpression(nameof(value))] string expression = "")
        where T : IComparable<T>
    {
        if (value.CompareTo(low) < 0 || value.CompareTo(high) > 0)
            _errors.Add($"{expression["o.".Length..]} is {value}, it must be from {low} to {high}");
        return value;
    }
}
