namespace Millrace.Protocol;

/// <summary>
/// A request, a response or a header of the Kafka protocol. <c>Millrace.Protocol.Generator</c> puts it on every class that has
/// a <see cref="KafkaMessageAttribute"/> and writes the members from the attributes.
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

    /// <summary>
    /// Reads the body into a new object: fields that the version does not have keep the value they have. Bytes that follow the
    /// body are left alone: librdkafka 2.16 sends some.
    /// </summary>
    /// <exception cref="WireFormatException">The bytes are not this message in this version.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The message does not have the version.</exception>
    void Read(ref WireReader reader, short version);

    /// <summary>Writes the body. Fields that the version does not have are left out, whatever their value.</summary>
    /// <exception cref="WireFormatException">A field is null or longer than the version allows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The message does not have the version.</exception>
    void Write(ref WireWriter writer, short version);
}
