using Millrace.Protocol;

namespace Millrace.Broker.Apis;

/// <summary>One API of Kafka, in the versions that this broker serves.</summary>
internal abstract class Api(ApiKey key, short minVersion, short maxVersion)
{
    public ApiKey Key { get; } = key;

    public short MinVersion { get; } = minVersion;

    public short MaxVersion { get; } = maxVersion;

    /// <summary>What ApiVersions says; the same as <see cref="MinVersion"/> except where clients need to be told otherwise.</summary>
    public virtual short AdvertisedMinVersion => MinVersion;

    /// <summary>Whether the next request of the connection may begin before this one is answered, if it is of the same API.</summary>
    public virtual bool MayOverlap => false;

    public bool Serves(short version) => version >= MinVersion && version <= MaxVersion;

    public abstract short RequestHeaderVersion(short version);

    /// <summary>Reads the body, does the work and writes the whole answer; null when the request has none.</summary>
    /// <exception cref="WireFormatException">The body is malformed. Thrown before anything is done.</exception>
    public abstract ValueTask<PooledBufferWriter?> HandleAsync(ref WireReader body, RequestContext context);
}

/// <inheritdoc/>
internal abstract class Api<TRequest, TResponse>(short minVersion, short maxVersion) : Api(TRequest.ApiKey, minVersion, maxVersion)
    where TRequest : class, IKafkaMessage, new()
    where TResponse : class, IKafkaMessage
{
    /// <summary>Most answers are smaller; the buffer grows for the others.</summary>
    private const int UsualAnswerSize = 512;

    public sealed override short RequestHeaderVersion(short version) => Framing.RequestHeaderVersion<TRequest>(version);

    public sealed override ValueTask<PooledBufferWriter?> HandleAsync(ref WireReader body, RequestContext context)
    {
        var request = new TRequest();
        request.Read(ref body, context.Version);
        return AnswerAsync(request, context);
    }

    /// <summary>Null when there is nothing to answer.</summary>
    protected abstract ValueTask<TResponse?> HandleAsync(TRequest request, RequestContext context);

    protected virtual int AnswerSize(TResponse response) => UsualAnswerSize;

    private async ValueTask<PooledBufferWriter?> AnswerAsync(TRequest request, RequestContext context)
    {
        var response = await HandleAsync(request, context).ConfigureAwait(false);
        using var held = context.HeldByResponse;
        if (response is null)
            return null;

        var output = new PooledBufferWriter(AnswerSize(response));
        try
        {
            Framing.WriteResponse(output, context.CorrelationId, response, context.Version);
            return output;
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }
}
