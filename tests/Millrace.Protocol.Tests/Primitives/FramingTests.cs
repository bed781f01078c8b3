using System.Reflection;
using System.Text.Json;
using Millrace.Protocol.Messages;
using Millrace.Protocol.Tests.Golden;
using Millrace.Protocol.Tests.Messages;

namespace Millrace.Protocol.Tests.Primitives;

public sealed class FramingTests
{
    private static readonly JsonElement Apis = GoldenFiles.ReadJson("headers.json").GetProperty("apis");

    public static TheoryData<string> Bodies =>
        [.. DefinedMessages.All.Select(type => type.Name).Where(name => !name.EndsWith("Header", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Header_version_of_every_message_is_kafkas(string message)
    {
        Type type = DefinedMessages.Named(message);
        ApiKey key = type.GetCustomAttribute<KafkaMessageAttribute>()!.ApiKey;
        bool isRequest = message.EndsWith("Request", StringComparison.Ordinal);
        JsonElement versions = Apis.EnumerateArray().Single(api => api.GetProperty("api_key").GetInt16() == (short)key).GetProperty("versions");
        MethodInfo headerVersion = typeof(Framing)
            .GetMethod(isRequest ? nameof(Framing.RequestHeaderVersion) : nameof(Framing.ResponseHeaderVersion))!
            .MakeGenericMethod(type);

        foreach (short version in DefinedMessages.VersionsOf(type))
        {
            short expected = versions.GetProperty($"{version}").GetProperty(isRequest ? "request_header_version" : "response_header_version").GetInt16();

            Assert.Equal(expected, headerVersion.Invoke(null, [version]));
        }
    }

    [Fact]
    public void Api_keys_are_those_of_the_messages()
    {
        foreach (Type type in DefinedMessages.All.Where(type => !type.Name.EndsWith("Header", StringComparison.Ordinal)))
        {
            ApiKey key = type.GetCustomAttribute<KafkaMessageAttribute>()!.ApiKey;
            string name = Apis.EnumerateArray().Single(api => api.GetProperty("api_key").GetInt16() == (short)key).GetProperty("name").GetString()!;

            Assert.StartsWith(name, type.Name);
            Assert.Equal(name, key.ToString());
        }
    }

    [Fact]
    public void Response_frame_is_size_header_and_body()
    {
        using var output = new PooledBufferWriter();
        output.Append([0xee]); // a frame before it

        Framing.WriteResponse(output, correlationId: 7, new HeartbeatResponse { ErrorCode = ErrorCode.RebalanceInProgress }, version: 4);

        Assert.Equal("ee" + "0000000c" + "00000007" + "00" + "00000000" + "001b" + "00", Convert.ToHexStringLower(output.WrittenSpan));
    }

    [Fact]
    public void Request_frame_is_size_header_and_body()
    {
        using var output = new PooledBufferWriter();

        Framing.WriteRequest(output, correlationId: 7, clientId: "me", new ListGroupsRequest(), version: 3);

        Assert.Equal("0000000e" + "0010" + "0003" + "00000007" + "00026d65" + "00" + "00", Convert.ToHexStringLower(output.WrittenSpan));
    }
}
