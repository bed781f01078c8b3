namespace Millrace.Conformance.Tests;

/// <summary>Where one broker is reached, in each way in which clients may. The embedded broker has one listener; its three are three brokers.</summary>
/// <param name="Plain">As anybody.</param>
/// <param name="Sasl">As <see cref="User"/>, with <see cref="Password"/>.</param>
/// <param name="Tls">As anybody, over TLS.</param>
/// <param name="Authority">A PEM file with what vouches for the certificate that is shown there.</param>
public sealed record Listeners(string Plain, string Sasl, string Tls, string Authority)
{
    public const string User = "alice";
    public const string Password = "alice-secret";
    public const string WrongPassword = "not-her-secret";
}
