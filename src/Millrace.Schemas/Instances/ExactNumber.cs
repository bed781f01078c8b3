using System.Numerics;
using System.Runtime.CompilerServices;

namespace Millrace.Schemas.Instances;

/// <summary>
/// A JSON number as it is written, with nothing rounded: a run of significant digits and a power of ten. 1, 1.0 and 10e-1 are the same number; one with
/// 10,000 digits costs a walk over them, not arithmetic.
/// </summary>
internal readonly ref struct ExactNumber
{
    /// <summary>As many digits as fit an unsigned 64-bit integer whatever they are.</summary>
    private const int SmallDigits = 18;

    /// <summary>The digits from the first significant one to the last, perhaps with the point among them; empty for zero.</summary>
    private readonly ReadOnlySpan<byte> _digits;
    private readonly int _digitCount;

    /// <summary>The power of ten that the last significant digit stands for.</summary>
    private readonly long _exponent;
    private readonly bool _negative;

    /// <summary>The digits as an integer, when there are few.</summary>
    private readonly ulong _small;

    /// <param name="text">A number by JSON's grammar, its exponent within the limits.</param>
    public ExactNumber(ReadOnlySpan<byte> text)
    {
        var at = 0;
        if (text[0] == '-')
        {
            _negative = true;
            at = 1;
        }

        // [-] integer [. fraction] [e exponent]
        int first = -1, last = -1, point = -1, significant = 0, sinceLast = 0;
        ulong small = 0, pending = 1;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '.')
            {
                point = at;
                continue;
            }

            if (c is (byte)'e' or (byte)'E')
            {
                break;
            }

            if (first >= 0)
            {
                sinceLast++;
                pending *= 10;
            }

            if (c == '0')
            {
                continue;
            }

            first = first < 0 ? at : first;
            last = at;
            significant = significant == 0 ? 1 : significant + sinceLast;
            small = (small * pending) + (uint)(c - '0');
            pending = 1;
            sinceLast = 0;
        }

        if (first < 0)
        {
            _negative = false;
            return;
        }

        var end = at;
        var exponent = 0L;
        if (at < text.Length)
        {
            var negative = text[at + 1] == '-';
            for (at += text[at + 1] is (byte)'-' or (byte)'+' ? 2 : 1; at < text.Length; at++)
            {
                exponent = (exponent * 10) + (text[at] - '0');
            }

            exponent = negative ? -exponent : exponent;
        }

        // The place of the last digit, counted from the point (or from the end, where the point would be).
        var place = point < 0 ? end - 1 - last : last < point ? point - 1 - last : point - last;
        _exponent = exponent + place;
        _digits = text[first..(last + 1)];
        _digitCount = significant;
        _small = significant <= SmallDigits ? small : 0;
    }

    public bool IsZero => _digitCount == 0;

    public bool IsNegative => _negative;

    public bool IsInteger => _digitCount == 0 || _exponent >= 0;

    private bool IsSmall => _digitCount <= SmallDigits;

    /// <summary>Whether a number has no fraction, however it is written.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool IsWhole(ReadOnlySpan<byte> text) => new ExactNumber(text).IsInteger;

    public static int Compare(in ExactNumber left, in ExactNumber right)
    {
        if (left.IsZero || right.IsZero || left._negative != right._negative)
        {
            return left.Sign.CompareTo(right.Sign);
        }

        var magnitude = CompareMagnitude(left, right);
        return left._negative ? -magnitude : magnitude;
    }

    /// <summary>The same for numbers that are equal, however they are written.</summary>
    public int Hash()
    {
        var hash = new HashCode();
        hash.Add(Sign);
        hash.Add(_exponent);
        foreach (var digit in _digits)
        {
            if (digit != '.')
            {
                hash.Add(digit);
            }
        }

        return hash.ToHashCode();
    }

    /// <summary>Whether it is a whole number of times <paramref name="divisor"/>, which is not zero.</summary>
    public bool IsMultipleOf(in ExactNumber divisor)
    {
        if (IsZero)
        {
            return true;
        }

        // Neither run of digits ends in a zero. So with a smaller power of ten than the divisor's there is no way; else
        // digits * 10^k has to leave nothing when it is divided by the divisor's digits.
        var k = _exponent - divisor._exponent;
        if (k < 0)
        {
            return false;
        }

        if (divisor.IsSmall)
        {
            UInt128 modulus = divisor._small;
            return RemainderOfDigits(divisor._small) * PowerOfTen(k, divisor._small) % modulus == 0;
        }

        // A divisor of many digits: rare enough for big integers, and both have at most as many digits as the documents have bytes.
        var big = BigDigits(divisor);
        return (BigDigits(this) * BigInteger.ModPow(10, k, big) % big).IsZero;
    }

    private int Sign => IsZero ? 0 : _negative ? -1 : 1;

    private static int CompareMagnitude(in ExactNumber left, in ExactNumber right)
    {
        var magnitude = (left._exponent + left._digitCount).CompareTo(right._exponent + right._digitCount);
        if (magnitude != 0)
        {
            return magnitude;
        }

        if (left.IsSmall && right.IsSmall && left._exponent == right._exponent)
        {
            return left._small.CompareTo(right._small);
        }

        // The first digits stand for the same power of ten, so the first that differ decide, and then the longer run.
        int i = 0, j = 0;
        while (true)
        {
            i += i < left._digits.Length && left._digits[i] == '.' ? 1 : 0;
            j += j < right._digits.Length && right._digits[j] == '.' ? 1 : 0;
            if (i == left._digits.Length || j == right._digits.Length)
            {
                return (left._digits.Length - i).CompareTo(right._digits.Length - j);
            }

            if (left._digits[i] != right._digits[j])
            {
                return left._digits[i].CompareTo(right._digits[j]);
            }

            i++;
            j++;
        }
    }

    private UInt128 RemainderOfDigits(ulong modulus)
    {
        if (IsSmall)
        {
            return _small % modulus;
        }

        UInt128 remainder = 0;
        foreach (var digit in _digits)
        {
            if (digit != '.')
            {
                remainder = ((remainder * 10) + (uint)(digit - '0')) % modulus;
            }
        }

        return remainder;
    }

    private static UInt128 PowerOfTen(long exponent, ulong modulus)
    {
        UInt128 result = 1 % modulus, power = 10 % modulus;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result = result * power % modulus;
            }

            power = power * power % modulus;
        }

        return result;
    }

    private static BigInteger BigDigits(in ExactNumber number)
    {
        var digits = new char[number._digitCount];
        var count = 0;
        foreach (var digit in number._digits)
        {
            if (digit != '.')
            {
                digits[count++] = (char)digit;
            }
        }

        return BigInteger.Parse(digits);
    }
}
