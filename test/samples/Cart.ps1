#Requires -Version 5.1
<#
.SYNOPSIS
    Counts what is in the carts of a shop.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string]$Folder,

    [int]$Limit = 100
)

$ErrorActionPreference = 'Stop'
$prices = @{
    DE = 4.9
    AT = 4.9
    CH = 9.9
}

# Reads the cart of one visitor.
function Get-Cart {
    param([string]$Path)

    if (-not (Test-Path $Path)) {
        Write-Warning "No cart at $Path"
        return @{}
    }
    $text = Get-Content -Path $Path -Raw
    return $text | ConvertFrom-Json
}

function Get-Shipping {
    param([string]$Country, [int]$Count)

    $price = $prices[$Country]
    switch ($Country) {
        'US' {
            $price = 19.9
        }
        default {
            Write-Verbose "price of $Country"
        }
    }
    if ($Count -gt 20) {
        return 0
    }
    elseif ($Count -gt 10) {
        return $price / 2
    }
    return $price
}

class Total {
    [int]$Count
    [double]$Price

    Total([int]$count) {
        $this.Count = $count
        $this.Price = 0
    }

    [string] ToString() {
        return "$($this.Count) for $($this.Price)"
    }
}

$total = [Total]::new(0)
foreach ($file in Get-ChildItem $Folder -Filter *.json) {
    try {
        $cart = Get-Cart $file.FullName
        $total.Count += $cart.amount
        $total.Price += Get-Shipping $cart.country $cart.amount
    }
    catch {
        Write-Warning $_.Exception.Message
    }
}

Get-ChildItem $Folder |
    Where-Object { $_.Length -gt $Limit } |
    Sort-Object Length

Write-Output @"
total:
  $total
"@
