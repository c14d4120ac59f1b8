#include "support/pencil.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *at;
    bool failed;
};

static double read_sum(struct reader *r);

static void skip(struct reader *r)
{
    for (;;) {
        r->at += strspn(r->at, " ");
        const char *end = *r->at == '[' ? strchr(r->at, ']') : NULL;
        if (!end)
            return;
        r->at = end + 1;
    }
}

static bool take(struct reader *r, const char *sign)
{
    skip(r);
    size_t n = strlen(sign);
    if (strncmp(r->at, sign, n) != 0)
        return false;
    r->at += n;
    return true;
}

static double fail(struct reader *r)
{
    r->failed = true;
    r->at += strlen(r->at);
    return NAN;
}

/* Bytes of the plain number at p, without a sign: "12", "0.25", "1.25e+07"; 0: there is none. */
static size_t number_length(const char *p)
{
    size_t whole = strspn(p, "0123456789"), n = whole;
    if (whole == 0)
        return 0;
    if (p[n] == '.' && isdigit((unsigned char)p[n + 1]))
        n += 1 + strspn(p + n + 1, "0123456789");
    if (p[n] == 'e') {
        size_t sign = p[n + 1] == '+' || p[n + 1] == '-', digits = strspn(p + n + 1 + sign, "0123456789");
        n += digits ? 1 + sign + digits : 0;
    }
    return n;
}

static double read_function(struct reader *r, double (*of)(double))
{
    double x = take(r, "(") ? read_sum(r) : fail(r);
    while (!of && take(r, ","))
        x = fmax(x, read_sum(r));
    if (!take(r, ")"))
        return fail(r);
    return of ? of(x) : x;
}

static double relu(double x)
{
    return x > 0 ? x : 0;
}

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

static double read_atom(struct reader *r)
{
    skip(r);
    size_t n = number_length(r->at);
    if (n > 0) {
        double x = strtod(r->at, NULL);
        r->at += n;
        return x;
    }
    if (take(r, "∞"))
        return INFINITY;
    if (take(r, "exp"))
        return read_function(r, exp);
    if (take(r, "sin"))
        return read_function(r, sin);
    if (take(r, "cos"))
        return read_function(r, cos);
    if (take(r, "tanh"))
        return read_function(r, tanh);
    if (take(r, "relu"))
        return read_function(r, relu);
    if (take(r, "sigmoid"))
        return read_function(r, sigmoid);
    if (take(r, "sqrt"))
        return read_function(r, sqrt);
    if (take(r, "max"))
        return read_function(r, NULL);
    if (take(r, "e"))
        return exp(1);
    if (!take(r, "("))
        return fail(r);
    double x = read_sum(r);
    return take(r, ")") ? x : fail(r);
}

static double read_sign(struct reader *r)
{
    if (take(r, "-") || take(r, "−"))
        return -read_sign(r);
    if (take(r, "+"))
        return read_sign(r);
    if (take(r, "√"))
        return sqrt(read_sign(r));
    return read_atom(r);
}

static double read_power(struct reader *r)
{
    double x = read_sign(r);
    return take(r, "^") ? pow(x, read_power(r)) : x;
}

static double read_product(struct reader *r)
{
    double x = read_power(r);
    for (;;) {
        if (take(r, "×") || take(r, "·") || take(r, "*"))
            x *= read_power(r);
        else if (take(r, "÷") || take(r, "/"))
            x /= read_power(r);
        else
            return x;
    }
}

/* "3.50, mask 0": what the mask leaves of it. */
static double read_masked(struct reader *r, double x)
{
    if (!take(r, ", mask "))
        return x;
    return read_product(r) != 0 ? x : -INFINITY;
}

static double read_sum(struct reader *r)
{
    double x = read_product(r);
    for (;;) {
        if (take(r, "+"))
            x += read_product(r);
        else if (take(r, "-") || take(r, "−"))
            x -= read_product(r);
        else
            return x;
    }
}

bool pencil_eval(const char *text, double *ret)
{
    struct reader r = {text, false};
    double x = read_sum(&r);
    x = read_masked(&r, x);
    skip(&r);
    if (r.failed || *r.at)
        return false;
    *ret = x;
    return true;
}

/* Where nothing stands before it that could be an operand, a minus is a sign. */
static bool is_sign(const char *text, const char *minus)
{
    while (minus > text && minus[-1] == ' ')
        minus--;
    size_t infinity = strlen("∞");
    if ((size_t)(minus - text) >= infinity && strncmp(minus - infinity, "∞", infinity) == 0)
        return false;
    return minus == text || !(isdigit((unsigned char)minus[-1]) || minus[-1] == ')');
}

/* Half a unit of the last digit of the plain number in these bytes. */
static double half_unit(const char *p, size_t n)
{
    const char *power = memchr(p, 'e', n), *point = memchr(p, '.', n);
    size_t mantissa = power ? (size_t)(power - p) : n;
    int last = point ? -(int)(mantissa - (size_t)(point - p) - 1) : 0;
    return 0.5 * pow(10, last + (power ? atoi(power + 1) : 0));
}

size_t pencil_numbers(const char *text, struct shown_number ret[], size_t room)
{
    size_t found = 0;
    for (const char *p = text; *p;) {
        if (*p == '[' && strchr(p, ']'))
            p = strchr(p, ']') + 1;
        size_t infinity = strncmp(p, "∞", strlen("∞")) == 0 ? strlen("∞") : 0,
               n = infinity ? infinity : number_length(p);
        if (n == 0) {
            p += *p != '\0';
            continue;
        }
        double x = infinity ? INFINITY : strtod(p, NULL);
        const char *start = p;
        if (p > text && (p[-1] == '-' || p[-1] == '+') && is_sign(text, p - 1))
            start = p - 1;
        if (found < room)
            ret[found] = (struct shown_number){(size_t)(start - text), n + (size_t)(p - start), *start == '-' ? -x : x,
                                               infinity ? 0 : half_unit(p, n)};
        found++;
        p += n;
    }
    return found;
}

bool pencil_number(const char *text, struct shown_number *ret)
{
    return pencil_numbers(text, ret, 1) == 1 && ret->at == 0 && ret->n == strlen(text);
}

bool pencil_agrees(const struct shown_number *shown, double x)
{
    if (isinf(x) || isinf(shown->value))
        return x == shown->value;
    return fabs(shown->value - x) <= shown->half * (1 + 1e-9) + 1e-14 * fabs(x);
}
