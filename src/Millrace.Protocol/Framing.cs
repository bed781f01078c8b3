using System.Buffers.Binary;
using Millrace.Protocol.Messages;

namespace Millrace.Protocol;

/// <summary>What goes around a body: <c>size int32 | header | body</c>, the size not counting itself.</summary>
internal static class Framing
{
    public const int SizeLength = sizeof(int);

    /// <summary>Request header 2 has tagged fields and goes before flexible bodies.</summary>
    public static short RequestHeaderVersion<TRequest>(short version)
        where TRequest : IKafkaMessage =>
        version >= TRequest.FirstFlexibleVersion ? (short)2 : (short)1;

    /// <summary>
    /// Response header 1 has tagged fields and goes before flexible bodies, but never before ApiVersions: the client reads
    /// that answer before it knows what the broker speaks.
    /// </summary>
    public static short ResponseHeaderVersion<TResponse>(short version)
        where TResponse : IKafkaMessage =>
        version >= TResponse.FirstFlexibleVersion && TResponse.ApiKey != ApiKey.ApiVersions ? (short)1 : (short)0;

    /// <summary>Appends a whole response frame to <paramref name="output"/>.</summary>
    public static void WriteResponse<TResponse>(PooledBufferWriter output, int correlationId, TResponse body, short version)
        where TResponse : IKafkaMessage
    {
        var header = new ResponseHeader { CorrelationId = correlationId };
        WriteFrame(output, header, ResponseHeaderVersion<TResponse>(version), body, version);
    }

    /// <summary>Appends a whole request frame to <paramref name="output"/>.</summary>
    public static void WriteRequest<TRequest>(PooledBufferWriter output, int correlationId, string? clientId, TRequest body, short version)
        where TRequest : IKafkaMessage
    {
        var header = new RequestHeader
        {
            RequestApiKey = (short)TRequest.ApiKey,
            RequestApiVersion = version,
            CorrelationId = correlationId,
            ClientId = clientId,
        };
        WriteFrame(output, header, RequestHeaderVersion<TRequest>(version), body, version);
    }

    private static void WriteFrame<THeader, TBody>(
        PooledBufferWriter output, THeader header, short headerVersion, TBody body, short version)
        where THeader : IKafkaMessage
        where TBody : IKafkaMessage
    {
        int start = output.WrittenCount;
        var writer = new WireWriter(output);
        writer.WriteInt32(0); // the size, known only at the end
        header.Write(ref writer, headerVersion);
        body.Write(ref writer, version);
        writer.Flush();

        int size = output.WrittenCount - start - SizeLength;
        BinaryPrimitives.WriteInt32BigEndian(output.WrittenSpan[start..], size);
    }
}
