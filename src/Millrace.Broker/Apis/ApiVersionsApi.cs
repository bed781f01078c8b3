using Millrace.Protocol;
using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// ApiVersions, versions 0 to 4: what this broker speaks, from the table of APIs.
/// <para>As Kafka: the answer always has header version 0, and a version that is not known is answered in version 0 with error 35
/// and one entry, for ApiVersions itself, from which the client takes the version to ask again with.</para>
/// <para>Not as Kafka: no features. Clients then use the first version of the transaction protocol, and need no other.</para>
/// </summary>
internal sealed class ApiVersionsApi(ApiTable table) : Api(ApiKey.ApiVersions, minVersion: 0, maxVersion: 4)
{
    public override short RequestHeaderVersion(short version) => Framing.RequestHeaderVersion<ApiVersionsRequest>(version);

    public override ValueTask<PooledBufferWriter?> HandleAsync(ref WireReader body, RequestContext context)
    {
        if (!Serves(context.Version))
            return Answer(new ApiVersionsResponse { ErrorCode = ErrorCode.UnsupportedVersion, ApiKeys = [Entry(this)] }, 0, context);

        new ApiVersionsRequest().Read(ref body, context.Version);
        return Answer(new ApiVersionsResponse { ApiKeys = [.. table.All.Select(Entry)] }, context.Version, context);
    }

    private static ApiVersionsResponse.ApiVersion Entry(Api api) => new()
    {
        ApiKey = (short)api.Key,
        MinVersion = api.AdvertisedMinVersion,
        MaxVersion = api.MaxVersion,
    };

    private static ValueTask<PooledBufferWriter?> Answer(ApiVersionsResponse response, short version, RequestContext context)
    {
        var output = new PooledBufferWriter();
        Framing.WriteResponse(output, context.CorrelationId, response, version);
        return ValueTask.FromResult<PooledBufferWriter?>(output);
    }
}
