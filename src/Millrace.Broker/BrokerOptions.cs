namespace Millrace.Broker;

/// <summary>What a broker needs to start. All of it is checked once, at the start, with every error named.</summary>
public sealed class BrokerOptions
{
    /// <summary>The directory that holds topics, group offsets and the lock file. Made when absent. Required.</summary>
    public required string DataDirectory { get; set; }

    /// <summary>The address to listen on: an IP address or <c>localhost</c> (both loopbacks). Default <c>127.0.0.1</c>.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The TCP port, 0 to 65535; 0 takes a free one. Default 9092.</summary>
    public int Port { get; set; } = 9092;

    /// <summary>The host that clients are told to connect to. Default: <see cref="Host"/>.</summary>
    public string? AdvertisedHost { get; set; }

    /// <summary>Partitions of a topic that is created without a number. Default 1, as in Kafka.</summary>
    public int DefaultPartitions { get; set; } = 1;

    /// <summary>Whether a Metadata request for an unknown topic creates it. Default true, as in Kafka.</summary>
    public bool AutoCreateTopics { get; set; } = true;

    /// <summary>
    /// How long a group that was empty waits for more members before its first generation. Default 0: one process has
    /// nobody to wait for (Kafka's own default is 3 s).
    /// </summary>
    public TimeSpan GroupInitialRebalanceDelay { get; set; } = TimeSpan.Zero;

    /// <summary>The largest record batch that Produce accepts, in bytes. Default 1,048,588, as in Kafka.</summary>
    public int MaxMessageBytes { get; set; } = 1_048_588;
}
