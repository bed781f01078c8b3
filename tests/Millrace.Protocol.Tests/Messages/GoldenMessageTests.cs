using Millrace.Protocol.Tests.Golden;

namespace Millrace.Protocol.Tests.Messages;

/// <summary>Every defined message in every version and case, against the bytes and values of Kafka's own classes.</summary>
public sealed class GoldenMessageTests
{
    private const string UnknownTags = "unknown_tags";

    public static TheoryData<string, short> Versions => [.. DefinedMessages.All
        .SelectMany(type => DefinedMessages.VersionsOf(type).Select(version => (type.Name, version)))];

    public static TheoryData<string, short> FlexibleVersions => [.. DefinedMessages.All
        .SelectMany(type => DefinedMessages.FlexibleVersionsOf(type).Select(version => (type.Name, version)))];

    [Fact]
    public void Protocol_defines_38_apis_and_two_headers() => Assert.Equal(2 * 38 + 2, DefinedMessages.All.Count);

    [Theory]
    [MemberData(nameof(DefinedMessages.Names), MemberType = typeof(DefinedMessages))]
    public void Every_version_has_vectors_and_every_vector_a_version(string message)
    {
        Type type = DefinedMessages.Named(message);

        IEnumerable<short> covered = GoldenVector.Of(type).Select(vector => vector.Version);

        Assert.Equal(DefinedMessages.VersionsOf(type), covered.Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Bytes_read_give_the_values_and_written_the_same_bytes(string message, short version)
    {
        foreach (GoldenVector vector in Vectors(message, version).Where(vector => vector.Case != UnknownTags))
        {
            IKafkaMessage read = DefinedMessages.Read(DefinedMessages.Named(message), vector.Bytes, version);

            AssertSame(MessageJson.Dump(FromJson(vector)), MessageJson.Dump(read), vector);
            AssertSame(Hex(vector.Bytes), Hex(DefinedMessages.Write(read, version)), vector);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Values_written_give_the_bytes(string message, short version)
    {
        foreach (GoldenVector vector in Vectors(message, version).Where(vector => vector.Case != UnknownTags))
        {
            AssertSame(Hex(vector.Bytes), Hex(DefinedMessages.Write(FromJson(vector), version)), vector);
        }
    }

    [Theory]
    [MemberData(nameof(FlexibleVersions))]
    public void Unknown_tags_are_passed_over(string message, short version)
    {
        IReadOnlyList<GoldenVector> vectors = Vectors(message, version);
        GoldenVector full = vectors.Single(vector => vector.Case == "full");
        GoldenVector tagged = vectors.Single(vector => vector.Case == UnknownTags);

        IKafkaMessage read = DefinedMessages.Read(DefinedMessages.Named(message), tagged.Bytes, version);

        Assert.NotEqual(full.Bytes, tagged.Bytes);
        AssertSame(MessageJson.Dump(FromJson(full)), MessageJson.Dump(read), tagged);
        AssertSame(Hex(full.Bytes), Hex(DefinedMessages.Write(read, version)), tagged);
    }

    private static IReadOnlyList<GoldenVector> Vectors(string message, short version) =>
        [.. GoldenVector.Of(DefinedMessages.Named(message)).Where(vector => vector.Version == version)];

    private static IKafkaMessage FromJson(GoldenVector vector)
    {
        IKafkaMessage message = DefinedMessages.Create(DefinedMessages.Named(vector.Message));
        MessageJson.Fill(message, vector.Json);
        return message;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    private static void AssertSame(string expected, string actual, GoldenVector vector)
    {
        if (expected != actual)
        {
            Assert.Fail($"{vector.Message} v{vector.Version}, {vector.Case}:\nexpected\n{expected}\nactual\n{actual}");
        }
    }
}
