<?php

declare(strict_types=1);

namespace Shop;

use InvalidArgumentException;
use Shop\Storage\CartStorage;

/**
 * What a visitor wants to buy.
 */
final class Cart implements \Countable
{
    private const LIMIT = 100;

    /** @var array<string, int> amounts by article */
    private array $amounts = [];

    public function __construct(
        private readonly CartStorage $storage,
        private readonly string $visitor,
    ) {
        $this->amounts = $storage->load($visitor);
    }

    /**
     * Adds some pieces of an article.
     */
    public function add(string $article, int $amount = 1): void
    {
        if ($amount < 1) {
            throw new InvalidArgumentException("Amount {$amount} is too small");
        }
        $now = ($this->amounts[$article] ?? 0) + $amount;
        // More than this is a mistake.
        if ($now > self::LIMIT) {
            $now = self::LIMIT;
        }
        $this->amounts[$article] = $now;
        $this->storage->save($this->visitor, $this->amounts);
    }

    #[\ReturnTypeWillChange]
    public function count(): int
    {
        return array_sum($this->amounts);
    }

    public function shipping(string $country): float
    {
        switch ($country) {
            case 'DE':
            case 'AT':
                $price = 4.9;
                break;
            case 'CH':
                $price = 9.9;
                break;
            default:
                $price = 19.9;
        }

        return match (true) {
            $this->count() > 20 => 0.0,
            $this->count() > 10 => $price / 2,
            default => $price,
        };
    }

    public function render(): string
    {
        $rows = array_map(
            static function (string $article, int $amount): string {
                $name = htmlspecialchars($article);

                return "<li>{$name}: {$amount}</li>";
            },
            array_keys($this->amounts),
            $this->amounts,
        );

        return <<<HTML
            <ul class="cart">
              {$this->join($rows)}
            </ul>
            HTML;
    }

    private function join(array $rows): string
    {
        return implode("\n", $rows);
    }
}
