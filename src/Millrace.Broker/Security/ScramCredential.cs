using System.Security.Cryptography;
using System.Text;

namespace Millrace.Broker.Security;

/// <summary>What a server keeps of a password for SCRAM (RFC 5802, section 3): enough to check a proof, not enough to make one.</summary>
internal sealed record ScramCredential(byte[] Salt, byte[] StoredKey, byte[] ServerKey)
{
    /// <summary>The fewest that Kafka takes.</summary>
    public const int Iterations = 4096;

    public static ScramCredential Of(HashAlgorithmName hash, string password, byte[] salt)
    {
        var length = hash == HashAlgorithmName.SHA512 ? SHA512.HashSizeInBytes : SHA256.HashSizeInBytes;
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, Iterations, hash, length);
        var clientKey = Hmac(hash, salted, "Client Key");
        return new ScramCredential(salt, CryptographicOperations.HashData(hash, clientKey), Hmac(hash, salted, "Server Key"));
    }

    public static byte[] Hmac(HashAlgorithmName hash, byte[] key, string text) =>
        CryptographicOperations.HmacData(hash, key, Encoding.UTF8.GetBytes(text));
}
