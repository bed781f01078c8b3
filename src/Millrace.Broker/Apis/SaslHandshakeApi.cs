using Millrace.Protocol.Messages;

namespace Millrace.Broker.Apis;

/// <summary>
/// SaslHandshake, versions 0 and 1: chooses the mechanism. After version 0 the tokens come without Kafka's headers (kafka-python); after 1 in
/// SaslAuthenticate. As Kafka: where nobody has to log in it gets ILLEGAL_SASL_STATE, and a mechanism that is not there UNSUPPORTED_SASL_MECHANISM with those that are.
/// </summary>
internal sealed class SaslHandshakeApi() : Api<SaslHandshakeRequest, SaslHandshakeResponse>(minVersion: 0, maxVersion: 1)
{
    protected override ValueTask<SaslHandshakeResponse?> HandleAsync(SaslHandshakeRequest request, RequestContext context) =>
        ValueTask.FromResult<SaslHandshakeResponse?>(new()
        {
            ErrorCode = context.Sasl.Begin(request.Mechanism, bareTokens: context.Version == 0),
            Mechanisms = [.. context.Sasl.Mechanisms],
        });
}
