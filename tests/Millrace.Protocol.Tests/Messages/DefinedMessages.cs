using System.Reflection;

namespace Millrace.Protocol.Tests.Messages;

/// <summary>The message classes of the protocol, found by their attribute, so that no test can miss a new one.</summary>
internal static class DefinedMessages
{
    public static IReadOnlyList<Type> All { get; } =
        [.. typeof(KafkaMessageAttribute).Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<KafkaMessageAttribute>() is not null)
            .OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static TheoryData<string> Names => [.. All.Select(type => type.Name)];

    public static Type Named(string name) => All.Single(type => type.Name == name);

    public static IKafkaMessage Create(Type type) => (IKafkaMessage)Activator.CreateInstance(type)!;

    public static IKafkaMessage Read(Type type, ReadOnlyMemory<byte> bytes, short version)
    {
        IKafkaMessage message = Create(type);
        var reader = new WireReader(bytes);
        message.Read(ref reader, version);
        Assert.Equal(0, reader.Remaining);
        return message;
    }

    public static byte[] Write(IKafkaMessage message, short version)
    {
        using var output = new PooledBufferWriter();
        var writer = new WireWriter(output);
        message.Write(ref writer, version);
        writer.Flush();
        return output.WrittenMemory.ToArray();
    }

    /// <summary>The versions that the class defines.</summary>
    public static IEnumerable<short> VersionsOf(Type type)
    {
        short min = Static(type, nameof(IKafkaMessage.MinVersion));
        short max = Static(type, nameof(IKafkaMessage.MaxVersion));
        return Enumerable.Range(min, max - min + 1).Select(version => (short)version);
    }

    public static IEnumerable<short> FlexibleVersionsOf(Type type)
    {
        short first = Static(type, nameof(IKafkaMessage.FirstFlexibleVersion));
        return VersionsOf(type).Where(version => version >= first);
    }

    private static short Static(Type type, string name) => (short)type.GetProperty(name)!.GetValue(null)!;
}
