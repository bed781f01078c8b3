using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Millrace.Broker.Security;

/// <summary>
/// The certificate that the broker shows, from a file. A type of ours, so that a broker without TLS does not load .NET's: they are a megabyte of memory.
/// </summary>
internal sealed class TlsCertificate : IDisposable
{
    private readonly X509Certificate2 _certificate;

    private TlsCertificate(X509Certificate2 certificate) => _certificate = certificate;

    /// <param name="path">PKCS#12 (.p12, .pfx), or PEM with certificate and key in one file.</param>
    /// <param name="password">Of the file or the key; null for none.</param>
    /// <exception cref="BrokerStartException">It cannot be read, or has no private key.</exception>
    public static TlsCertificate Load(string path, string? password)
    {
        try
        {
            var isPem = File.ReadAllText(path).Contains("-----BEGIN", StringComparison.Ordinal);
            var certificate = isPem ? LoadPem(path, password) : X509CertificateLoader.LoadPkcs12FromFile(path, password);
            return certificate.HasPrivateKey
                ? new TlsCertificate(certificate)
                : throw new BrokerStartException($"The TLS file {path} has a certificate and no private key: give one with both.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new BrokerStartException($"The TLS file {path} cannot be read ({e.Message}): give a PKCS#12 or PEM file with certificate and key, and its password.", e);
        }
    }

    public SslServerAuthenticationOptions ToServerOptions() => new() { ServerCertificate = _certificate };

    public void Dispose() => _certificate.Dispose();

    private static X509Certificate2 LoadPem(string path, string? password) =>
        password is null ? X509Certificate2.CreateFromPemFile(path) : X509Certificate2.CreateFromEncryptedPemFile(path, password);
}
