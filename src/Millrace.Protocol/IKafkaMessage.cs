namespace Millrace.Protocol;

/// <summary>
/// A request, a response or a header of the Kafka protocol. The members below are written by
/// <c>Millrace.Protocol.Generator</c> from the attributes on the class.
/// </summary>
internal interface IKafkaMessage
{
    static abstract ApiKey ApiKey { get; }

    /// <summary>The lowest version that the message's definition has.</summary>
    static abstract short MinVersion { get; }

    /// <summary>The highest version that the message's definition has; a broker may announce less.</summary>
    static abstract short MaxVersion { get; }

    /// <summary>The first version with compact lengths and tagged fields; <see cref="short.MaxValue"/> where there is none.</summary>
    static abstract short FirstFlexibleVersion { get; }

    /// <summary>Reads the body. Bytes that follow it are left alone: librdkafka 2.16 sends some.</summary>
    /// <exception cref="WireFormatException">The bytes are not this message in this version.</exception>
    void Read(ref WireReader reader, short version);

    void Write(ref WireWriter writer, short version);
}
