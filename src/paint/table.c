#include "paint/table.h"

#include <stdlib.h>
#include <string.h>

struct table_slot {
    uint64_t hash, head;
    size_t n;
    char *bytes; /* owned */
    void *value; /* owned; NULL: the slot is free */
};

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

/* Eight bytes at a time: every text on the screen is looked up in every frame. */
static uint64_t hash_key(uint64_t head, const char *bytes, size_t n)
{
    uint64_t hash = mix(n, head), word;
    for (; n >= sizeof word; n -= sizeof word, bytes += sizeof word) {
        memcpy(&word, bytes, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, bytes, n);
    return mix(mix(hash, word), 0);
}

static struct table_slot *slot_of(const struct table *table, uint64_t hash, uint64_t head, const char *bytes, size_t n)
{
    for (size_t i = hash & (table->capacity - 1);; i = (i + 1) & (table->capacity - 1)) {
        struct table_slot *slot = &table->slots[i];
        if (!slot->value ||
            (slot->hash == hash && slot->head == head && slot->n == n && !memcmp(slot->bytes, bytes, n)))
            return slot;
    }
}

void *table_find(const struct table *table, uint64_t head, const void *bytes, size_t n)
{
    return table->n ? slot_of(table, hash_key(head, bytes, n), head, bytes, n)->value : NULL;
}

static bool grow(struct table *table)
{
    struct table grown = {.capacity = table->capacity ? table->capacity * 2 : 256, .n = table->n};
    grown.slots = calloc(grown.capacity, sizeof *grown.slots);
    if (!grown.slots)
        return false;
    for (size_t i = 0; i < table->capacity; i++) {
        const struct table_slot *slot = &table->slots[i];
        if (slot->value)
            *slot_of(&grown, slot->hash, slot->head, slot->bytes, slot->n) = *slot;
    }
    free(table->slots);
    *table = grown;
    return true;
}

bool table_put(struct table *table, uint64_t head, const void *bytes, size_t n, void *value)
{
    /* Half full at most: a search always meets a free slot, soon. */
    if (table->n * 2 >= table->capacity && !grow(table))
        return false;
    char *copy = malloc(n ? n : 1);
    if (!copy)
        return false;
    memcpy(copy, bytes, n);
    uint64_t hash = hash_key(head, copy, n);
    *slot_of(table, hash, head, copy, n) = (struct table_slot){hash, head, n, copy, value};
    table->n++;
    return true;
}

void table_clear(struct table *table)
{
    for (size_t i = 0; i < table->capacity; i++) {
        free(table->slots[i].bytes);
        free(table->slots[i].value);
    }
    free(table->slots);
    *table = (struct table){0};
}
