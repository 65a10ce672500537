# frozen_string_literal: true

require 'json'
require_relative 'storage'

module Shop
  # What a visitor wants to buy.
  class Cart
    LIMIT = 100
    COUNTRIES = %w[
      DE
      AT
      CH
    ].freeze

    attr_reader :amounts

    def initialize(storage, visitor)
      @storage = storage
      @visitor = visitor
      @amounts = storage.load(visitor) || {}
    end

    # Adds some pieces of an article.
    def add(article, amount = 1)
      raise ArgumentError, "Amount #{amount} is too small" if amount < 1

      now = @amounts.fetch(article, 0) + amount
      # More than this is a mistake.
      now = LIMIT if now > LIMIT
      @amounts[article] = now
      @storage.save(@visitor, @amounts)
    end

    def count
      @amounts.values.sum
    end

    def shipping(country)
      price =
        case country
        when 'DE', 'AT'
          4.9
        when 'CH'
          9.9
        else
          19.9
        end
      if count > 20
        0
      elsif count > 10
        price / 2
      else
        price
      end
    end

    def describe(event)
      case event
      in { kind: :added, article: }
        "added #{article}"
      in [:removed, article]
        "removed #{article}"
      end
    end

    def render
      rows = @amounts.map do |article, amount|
        name = escape(article)
        "<li>#{name}: #{amount}</li>"
      end
      <<~html
        <ul class="cart">
          #{rows.join("\n")}
        </ul>
      html
    end

    def reload
      @amounts = @storage.load(@visitor)
    rescue Storage::Gone => e
      warn e.message
      @amounts = {}
    ensure
      @loaded_at = Time.now
    end

    private

    def escape(text)
      text
        .gsub('&', '&amp;')
        .gsub('<', '&lt;')
    end
  end
end
